import { expect, test } from "vitest";
import { TERM } from "./contractForm";
import { COMPONENT, type Model, modelValues } from "./modelForm";

const MODEL = {
  id: "m",
  name: "KFR-35GW",
  maker: null,
  version: 1,
  terms: [{ component_class: "*", months: 24, start_rule: "acceptance", replacement: "rest" }],
  components: [{ id: "main", component_class: "main_unit", parent: null }],
} as Model;

test("what is on file of a model is filled in as it was", () => {
  expect(modelValues(MODEL)).toEqual({
    name: "KFR-35GW",
    maker: "",
    terms: [{ ...TERM, months: "24" }],
    components: [{ ...COMPONENT, id: "main", component_class: "main_unit" }],
  });
});
