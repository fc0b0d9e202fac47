import { expect, test } from "vitest";
import { addressOf, type Place, placeOf } from "./place";

const ID = "01955c1e-7b00-7000-8000-000000000001";

test.each<[string, Place]>([
  ["/field/", { page: "today" }],
  ["/field/log", { page: "log" }],
  [`/field/visits/${ID}`, { page: "visit", id: ID }],
  [`/field/visits/${ID}/acceptance`, { page: "acceptance", id: ID }],
])("%s is a page, and its address", (address, place) => {
  expect(placeOf(address)).toEqual(place);
  expect(addressOf(place)).toBe(address);
});

test("what is no page is today's", () => {
  expect(placeOf("/field/visits/42")).toEqual({ page: "today" });
  expect(placeOf("/elsewhere")).toEqual({ page: "today" });
});
