import { expect, test } from "vitest";
import { filtersIn, phasesOf, UNDECIDED } from "./filters";

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
