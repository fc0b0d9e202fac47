import { expect, test } from "vitest";
import { actFor, isComposing } from "./keys";

const done: string[] = [];
const shortcuts = { "g t": () => done.push("tickets"), "/": () => done.push("search") };

function press(before: string | null, key: string): string | undefined {
  done.length = 0;
  actFor(shortcuts, before, key)?.();
  return done[0];
}

test("g and then t goes to the tickets, t alone nowhere", () => {
  expect([press("g", "t"), press(null, "t")]).toEqual(["tickets", undefined]);
});

test("a single key acts right after a pair, too", () => {
  expect(press("t", "/")).toBe("search");
});

test("what an input method takes is no shortcut", () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
});
