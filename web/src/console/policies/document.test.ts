import { expect, test } from "vitest";
import { calendarIn, documentIn, flawsIn, flawsOf, timesOf, withTime } from "./document";
import type { Policy } from "./policies";

const POLICY = {
  id: "demo",
  title: {},
  calendars: {},
  targets: [
    { metric: "response", title: {}, calendar: "office", start: [], stop: [], within: { amount: 2, unit: "hours" } },
    {
      metric: "fix",
      title: {},
      calendar: "office",
      start: [],
      stop: [],
      by_level: { 1: { amount: 8, unit: "hours" } },
    },
  ],
} satisfies Policy;

test("a flaw stands at its target, however its place is written", () => {
  const flaws = flawsIn([
    { field: "body.document.targets[1].stop[0].event", detail: "no service tells it" },
    { field: "body.document.targets.1.within", detail: "missing" },
    { field: "body.document.targets[10].stop", detail: "another" },
  ]);
  expect(flawsOf(flaws, 1).map(({ place }) => place)).toEqual(["stop[0].event", "within"]);
});

test("a time is changed where it stands, and nothing else", () => {
  const hour = { amount: 1, unit: "hours" } as const;
  expect(timesOf(withTime(POLICY, 0, "within", hour).targets[0] as Policy["targets"][0])).toEqual([["within", hour]]);
  expect(withTime(POLICY, 1, "1", hour).targets[1]?.by_level).toEqual({ 1: hour });
  expect(withTime(POLICY, 1, "1", hour).targets[0]).toBe(POLICY.targets[0]);
});

test("what is no policy is none", () => {
  expect([documentIn("{"), documentIn("[]"), documentIn('{"id": "demo"}')]).toEqual([null, null, null]);
  expect(documentIn(JSON.stringify(POLICY))).toEqual(POLICY);
});

test("a calendar is what has the id of its address", () => {
  expect(calendarIn('{"id": "cn-office"}', "cn-office")).toEqual({ id: "cn-office" });
  expect([calendarIn('{"id": "cn-office"}', "other"), calendarIn("[]", "other")]).toEqual([null, null]);
});
