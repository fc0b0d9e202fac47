import { expect, test } from "vitest";
import { changesOf, valuesOf } from "./contact";
import type { CustomerFile } from "./customers";

const CUSTOMER: CustomerFile = {
  id: "c1",
  name: "王芳",
  phones: [{ typed: "13800001111", e164: "+8613800001111", extension: null }],
  address: "北京市朝阳区建国路1号",
  status: "registered",
  version: 1,
};

test("only what changes is sent, and numbers stand one a line", () => {
  expect(changesOf(CUSTOMER, valuesOf(CUSTOMER))).toEqual({});
  const phones = "13800001111\n 13900002222 \n";
  expect(changesOf(CUSTOMER, { ...valuesOf(CUSTOMER), phones })).toEqual({ phones: ["13800001111", "13900002222"] });
});
