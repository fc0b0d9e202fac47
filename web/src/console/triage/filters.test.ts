import { expect, test } from "vitest";
import { filtersIn, isFiltered, phasesOf, UNDECIDED } from "./filters";

test("an address of nonsense shows what is to be decided", () => {
  expect(filtersIn({ status: "nonsense", level: [9, "x"] })).toEqual({});
  expect(phasesOf({}).flatMap(({ status }) => status)).toEqual(UNDECIDED);
});

test("what has no level comes first, then the gravest", () => {
  expect(phasesOf({}).map(({ status, sort }) => [status[0], sort])).toEqual([
    ["open", "opened_at"],
    ["classified", "level"],
  ]);
});

test("where a level is asked for, nobody asks for what has none", () => {
  expect(phasesOf({ level: ["1"] }).map(({ sort }) => sort)).toEqual(["level"]);
  expect(phasesOf({ status: ["open"], level: ["1"] })).toEqual([]);
});

test("deadlines order what is to be decided, and nothing else", () => {
  expect(filtersIn({ sort: "due_at" })).toEqual({ sort: "due_at" });
  expect(filtersIn({ sort: "due_at", status: "classified" }).sort).toBe("due_at");
  expect(filtersIn({ sort: "due_at", status: ["open", "ended"] })).toEqual({ status: ["open", "ended"] });
  expect(filtersIn({ sort: "level" })).toEqual({});
});

test("an order is no filter", () => {
  expect(isFiltered({ sort: "due_at" })).toBe(false);
  expect(isFiltered({ sort: "due_at", level: ["1"] })).toBe(true);
});
