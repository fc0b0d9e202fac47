import { expect, test } from "vitest";
import { among, filtersIn, fitting } from "./filters";

const ENGINEERS = [
  { id: "1", name: "李强", region: "华北", skills: ["lifts"], actor_id: null },
  { id: "2", name: "陈强", region: "华东", skills: ["lifts", "doors"], actor_id: "a" },
].map((one) => ({ ...one, opened_at: "2026-11-30T00:00:00Z", version: 1 }));
const ids = (search: Record<string, unknown>) => fitting(ENGINEERS, filtersIn(search)).map(({ id }) => id);

test("engineers are found by region, by skill, and by that they have no login", () => {
  expect(ids({})).toEqual(["1", "2"]);
  expect(ids({ region: "华东" })).toEqual(["2"]);
  expect(ids({ skill: "lifts", login: "none" })).toEqual(["1"]);
  expect(ids({ login: "any" })).toEqual(["1", "2"]);
});

test("what can be chosen stands there once", () => {
  expect(among(["b", "a", "b"])).toEqual(["a", "b"]);
});
