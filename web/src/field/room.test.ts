import { expect, test } from "vitest";
import { isFilling } from "./room";

test("a phone warns from four fifths of its room on, and where it knows of none never", () => {
  expect(isFilling({ usage: 79, quota: 100 })).toBe(false);
  expect(isFilling({ usage: 80, quota: 100 })).toBe(true);
  expect([isFilling({}), isFilling({ usage: 5 }), isFilling({ usage: 0, quota: 0 })]).toEqual([false, false, false]);
});
