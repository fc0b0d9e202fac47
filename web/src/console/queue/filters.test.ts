import { expect, test } from "vitest";
import { filtersIn, VIEWS, viewOf } from "./filters";

test("an address of nonsense shows everything", () => {
  expect(filtersIn({ status: ["nonsense", 7], urgency: "", kind: null, number: { a: 1 }, unknown: "x" })).toEqual({});
});

test("one value and several are filters alike", () => {
  expect(filtersIn({ status: "open", urgency: ["high", "critical"] })).toEqual({
    status: ["open"],
    urgency: ["high", "critical"],
  });
});

test("a view is found again in the filters that it made, in whatever order", () => {
  expect(viewOf({ status: [...VIEWS.open].reverse() })).toBe("open");
  expect(viewOf({ status: ["on_site"] })).toBeNull();
  expect(viewOf({})).toBe("all");
});
