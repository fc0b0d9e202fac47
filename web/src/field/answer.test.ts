import { expect, test } from "vitest";
import type { Problem } from "../lib/problem";
import { type Outcome, outcomeOf } from "./answer";

const problem = (status: number, code: string): Problem => ({ status, code, title: "", detail: "", trace_id: "" });

test("what was carried out leaves the log", () => {
  expect(outcomeOf(null)).toBe("done");
});

test.each<[number, string, Outcome]>([
  [409, "already-departed", "refused"],
  [409, "overlap", "refused"],
  [422, "malformed", "refused"],
  [422, "future-instant", "refused"],
  [404, "not-found", "refused"],
  [413, "event-too-large", "refused"],
  [403, "not-your-visit", "refused"],
])("%i %s is somebody's to decide", (status, code, outcome) => {
  expect(outcomeOf(problem(status, code))).toBe(outcome);
});

test.each<[number, string, Outcome]>([
  [0, "unreachable", "wait"],
  [401, "not-signed-in", "wait"],
  [403, "cross-site", "wait"],
  [403, "no-engineer", "wait"],
  [429, "no-problem-told", "wait"],
  [503, "busy", "wait"],
  [408, "body-too-slow", "later"],
  [409, "idempotency-key-in-flight", "later"],
  [412, "stale-version", "later"],
  [500, "defect", "later"],
  [502, "no-problem-told", "later"],
  [404, "no-problem-told", "later"],
])("%i %s is kept and sent again", (status, code, outcome) => {
  expect(outcomeOf(problem(status, code))).toBe(outcome);
});
