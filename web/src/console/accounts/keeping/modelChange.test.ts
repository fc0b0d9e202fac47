import { expect, test } from "vitest";
import { TERM } from "./contractForm";
import { changeOf, renewed } from "./modelChange";
import { COMPONENT, type Model } from "./modelForm";

const MODEL = {
  id: "m",
  name: "KFR-35GW",
  maker: "格力",
  version: 1,
  terms: [{ component_class: "*", months: 24, start_rule: "acceptance", replacement: "rest" }],
  components: [
    { id: "main", component_class: "main_unit", parent: null },
    { id: "fan", component_class: "fan", parent: null },
  ],
} as Model;
const BEGUN = changeOf({ model: MODEL, etag: '"1"' });

function by(model: Partial<Model>) {
  return { model: { ...MODEL, ...model } as Model, etag: '"2"' };
}

test("what the writer did not touch is as others left it", () => {
  const others = by({ maker: "美的", components: [...MODEL.components.slice(0, 1)] });
  const own = { ...BEGUN, terms: [{ ...TERM, months: "36" }] };
  const now = renewed(own, others);
  expect([now.maker, now.terms[0]?.months, now.components.map(({ id }) => id)]).toEqual(["美的", "36", ["main"]]);
  expect(now.from).toEqual({ etag: '"2"', values: changeOf(others).from.values });
});

test("what the writer changed, added and took out stays so", () => {
  const own = { ...BEGUN, maker: "海尔", components: [...BEGUN.components.slice(0, 1), { ...COMPONENT, id: "pump" }] };
  const others = by({
    maker: "美的",
    components: [...MODEL.components, { id: "valve", component_class: "valve", parent: null }],
  });
  const now = renewed(own, others);
  expect([now.maker, now.components.map(({ id }) => id)]).toEqual(["海尔", ["main", "valve", "pump"]]);
});

test("nothing is lost of a change that nobody else touched", () => {
  const own = { ...BEGUN, components: [...BEGUN.components, COMPONENT, { ...COMPONENT, id: "pump" }] };
  expect(renewed(own, by({})).components).toEqual(own.components);
});
