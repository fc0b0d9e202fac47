import { expect, test } from "vitest";
import { startOf } from "./day";
import { shownFrom } from "./span";

test("a week is seven days from the first one on, over the end of a month", () => {
  const { days, start, end } = shownFrom("2027-02-26", "week");
  expect([days.length, days[0], days.at(-1)]).toEqual([7, "2027-02-26", "2027-03-04"]);
  expect([start, end]).toEqual([startOf("2027-02-26"), startOf("2027-03-05")]);
});

test("one day ends where the next begins", () => {
  expect(shownFrom("2027-03-04", "day")).toMatchObject({ days: ["2027-03-04"], end: startOf("2027-03-05") });
});
