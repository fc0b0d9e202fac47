import { expect, test } from "vitest";
import { importSearch } from "./search";

const id = "01955c1e-7b00-7000-8000-000000000002";

test("an address names one import of one service, or none", () => {
  expect(importSearch({ service: "intake", id })).toEqual({ service: "intake", id });
  for (const other of [{}, { id }, { service: "sla", id }, { service: "dispatch", id: "1" }])
    expect(importSearch(other)).toEqual({});
});
