import { expect, test } from "vitest";
import { asBefore } from "./steady";

const itself = (row: string) => row;

test("rows stay where they stood, however they are sorted by now", () => {
  expect(asBefore(["c", "a", "b"], ["a", "b", "c"], itself)).toEqual(["a", "b", "c"]);
});

test("what is new comes last, as it is sorted", () => {
  expect(asBefore(["e", "b", "d", "a"], ["a", "b"], itself)).toEqual(["a", "b", "e", "d"]);
});

test("what is gone leaves no gap", () => {
  expect(asBefore(["c", "a"], ["a", "b", "c"], itself)).toEqual(["a", "c"]);
});

test("where nothing stood before, rows are sorted as they are wanted", () => {
  expect(asBefore(["b", "a"], [], itself)).toEqual(["b", "a"]);
});

test("rows that stand as they are wanted are the same ones", () => {
  const wanted = ["a", "b"];
  expect(asBefore(wanted, ["a", "b"], itself)).toBe(wanted);
});
