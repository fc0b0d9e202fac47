import { expect, test } from "vitest";
import { personOf, personValues, siteOf, siteValues } from "./values";

test("somebody is told with a number a line, and what was left empty is not said", () => {
  const anna = { ...personValues(null), name: " 安娜 ", phones: "13611112222\n\n010-65551234 " };
  expect(personOf(anna)).toEqual({
    name: "安娜",
    role: "management",
    responsible: false,
    phones: ["13611112222", "010-65551234"],
  });
});

test("a place is told with its position as numbers, or without one", () => {
  const branch = { ...siteValues(null), name: "分院", timezone: "Asia/Shanghai", address: "东街口8号" };
  expect(siteOf(branch)).toEqual({ name: "分院", timezone: "Asia/Shanghai", address: "东街口8号" });
  expect(siteOf({ ...branch, latitude: "26.08", longitude: "119.3" })).toMatchObject({
    latitude: 26.08,
    longitude: 119.3,
  });
});
