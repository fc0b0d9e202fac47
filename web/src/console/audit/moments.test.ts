import { expect, test } from "vitest";
import { knownAt, localOf, momentsOf, stepOf } from "./moments";
import { auditSearch } from "./search";

const FIRST = "2026-03-02T08:00:00Z";
const SECOND = "2026-03-02T09:00:00.5Z";
const STORY = [
  { id: "b", recorded_at: SECOND },
  { id: "a", recorded_at: FIRST },
  { id: "c", recorded_at: SECOND },
];

test("what became known at one instant is one moment", () => {
  expect(momentsOf(STORY)).toEqual([FIRST, SECOND]);
});

test("what became known within a millisecond is one moment, and one step leads past it", () => {
  const [early, late] = ["2026-03-02T08:00:00.123001Z", "2026-03-02T08:00:00.123456Z"];
  const moments = momentsOf([late, FIRST, early].map((recorded_at) => ({ recorded_at })));
  expect(moments).toEqual([FIRST, late]);
  expect(moments.map((moment) => stepOf(moments, moment))).toEqual([0, 1]);
});

test("what was recorded later was not known", () => {
  expect(knownAt(STORY, FIRST).map(({ id }) => id)).toEqual(["a"]);
  expect(knownAt(STORY, undefined).map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(knownAt(STORY, "2026-03-01T00:00:00Z")).toEqual([]);
});

test("an instant stands at the last moment that it has seen", () => {
  const moments = momentsOf(STORY);
  expect([stepOf(moments, undefined), stepOf(moments, SECOND), stepOf(moments, FIRST)]).toEqual([1, 1, 0]);
  expect(stepOf(moments, "2026-03-02T07:59:59Z")).toBe(-1);
});

test("a field has the reader's own time", () => {
  expect(new Date(localOf(FIRST)).toISOString()).toBe("2026-03-02T08:00:00.000Z");
});

test("an address that makes no sense asks for nothing", () => {
  expect(auditSearch({ ticket: "7", at: "soon" })).toEqual({});
  expect(auditSearch({ at: FIRST })).toEqual({ at: FIRST });
});
