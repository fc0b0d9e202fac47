import { expect, test } from "vitest";
import { blankAsset, newAsset, onShelf, PART, withModels } from "./assetForm";

test("an asset is told with its parts and its place, and what was left empty is not said", () => {
  const blank = blankAsset();
  const site = { ...blank.site, timezone: "Asia/Shanghai", address: " 南京路1号 " };
  const parts = [{ ...PART, id: "pump-1", component_class: "pump" }];
  const sent = newAsset("c1", { ...blank, model: "KFR-35GW", serial: "SN-1", site, parts });
  expect(sent).toEqual({
    customer_id: "c1",
    model: "KFR-35GW",
    serial: "SN-1",
    sold_as: "sold",
    site: { timezone: "Asia/Shanghai", address: "南京路1号" },
    days: {},
    parts: [{ id: "pump-1", component_class: "pump", supplied_by: "us", kind: "original" }],
    contracts: [],
  });
});

test("a model adds the components that are not typed, and overwrites none", () => {
  const components = [
    { id: "main", component_class: "main_unit" },
    { id: "fan", component_class: "fan", parent: "main" },
  ];
  const typed = [{ ...PART, id: "main", component_class: "unit", serial: "SN-7" }, PART];
  const fan = { ...PART, id: "fan", component_class: "fan", parent: "main" };
  expect(withModels(typed, components)).toEqual([typed[0], fan]);
  expect(withModels([typed[0] ?? PART, fan], components)).toEqual([typed[0], fan]);
});

test("a spare is on the shelf until it is in use or taken out", () => {
  const spare = { kind: "spare" as const, installed_on: null, replaced_on: null };
  const others = [
    { ...spare, installed_on: "2026-01-05" },
    { ...spare, replaced_on: "2026-01-05" },
  ];
  expect(onShelf([spare, ...others, { ...spare, kind: "original" as const }])).toEqual([spare]);
});
