import { expect, test } from "vitest";
import { calendarSearch, draftSearch, policySearch, rulesSearch, trySearch } from "./search";

test("an address of rules asks for what it says, and nonsense asks for nothing", () => {
  expect(rulesSearch({ status: "draft" })).toEqual({ status: "draft" });
  expect(rulesSearch({ status: "lost" })).toEqual({});
  expect(policySearch({ show: "2" })).toEqual({ show: 2 });
  expect(policySearch({ show: "draft" })).toEqual({ show: "draft" });
  expect(policySearch({ show: "-1" })).toEqual({});
  expect(draftSearch({ preset: "PP 5" })).toEqual({});
  expect(calendarSearch({ name: "demo/1#office", year: "2026" })).toEqual({ name: "demo/1#office", year: 2026 });
  expect(calendarSearch({ year: "99999" })).toEqual({});
  expect(trySearch({ one: "demo/1", level: "2", start: "2026-03-02T09:00" })).toEqual({
    one: "demo/1",
    level: 2,
    start: "2026-03-02T09:00",
  });
  expect(trySearch({ level: "9", start: "soon" })).toEqual({});
});
