import { expect, test } from "vitest";
import { asked, filtersIn } from "./filters";

test("an address of nonsense shows every clock", () => {
  expect(filtersIn({ status: "x", metric: ["On Site", 3], level: 7, breached: "perhaps", reason: {} })).toEqual({});
});

test("a figure's filters are asked for as the service has them", () => {
  const filters = filtersIn({ status: ["running", "paused"], metric: "fix", level: "1", breached: "true" });
  expect(asked(filters)).toEqual({ status: ["running", "paused"], metric: ["fix"], level: [1], breached: true });
});

test("the reason of a pause is narrowed by the page", () => {
  expect(asked(filtersIn({ status: "paused", reason: "waiting_parts" }))).toEqual({ status: ["paused"] });
});
