import { expect, test } from "vitest";
import { arrivals } from "./arrivals";

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

test("what comes above or between known rows waits", () => {
  expect(arrivals(rows("new", "a", "newer", "b"), new Set(["a", "b"]))).toEqual({ shown: rows("a", "b"), waiting: 2 });
});

test("what follows after them moves nothing", () => {
  expect(arrivals(rows("a", "b", "c"), new Set(["a", "b"]))).toEqual({ shown: rows("a", "b", "c"), waiting: 0 });
});

test("what is gone is gone, and a list of which nothing is left begins anew", () => {
  expect(arrivals(rows("b"), new Set(["a", "b"]))).toEqual({ shown: rows("b"), waiting: 0 });
  expect(arrivals(rows("c", "d"), new Set(["a", "b"]))).toEqual({ shown: rows("c", "d"), waiting: 0 });
  expect(arrivals(rows("a"), new Set())).toEqual({ shown: rows("a"), waiting: 0 });
});
