import { expect, test } from "vitest";
import { FIRST, standsAt } from "./current";

const itself = (row: string) => row;

test("before anything is chosen, the first row is current", () => {
  expect(standsAt(FIRST, ["a", "b"], itself)).toBe(0);
});

test("a row stays current while others come before it", () => {
  expect(standsAt({ key: "b", at: 1 }, ["new", "a", "b"], itself)).toBe(2);
});

test("a row stays current while it moves up", () => {
  expect(standsAt({ key: "c", at: 2 }, ["c", "a", "b"], itself)).toBe(0);
});

test("once a row is gone, what took its place is current", () => {
  expect(standsAt({ key: "b", at: 1 }, ["a", "c"], itself)).toBe(1);
  expect(standsAt({ key: "c", at: 2 }, ["a", "b"], itself)).toBe(1);
});
