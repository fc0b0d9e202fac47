import { expect, test } from "vitest";
import { blankAsset, newAsset, PART } from "./assetForm";

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
