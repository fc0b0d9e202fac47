import { expect, test } from "vitest";
import { byDeadline, stageOf, type Timed } from "./stage";

const at = (time: string) => Date.parse(`2026-03-02T${time}:00Z`);
const instant = (time: string) => new Date(at(time)).toISOString();
const running: Timed = {
  status: "running",
  breached: false,
  soon_at: instant("10:00"),
  urgent_at: instant("11:00"),
  due_at: instant("12:00"),
};

test.each([
  ["09:59", "calm"],
  ["10:00", "soon"],
  ["11:00", "urgent"],
  ["12:00", "late"],
])("at %s a clock that is due at 12:00 is %s", (time, stage) => {
  expect(stageOf(running, at(time))).toBe(stage);
});

test("a clock whose half and three quarters are not told is on time until it is late", () => {
  const bare = { ...running, soon_at: null, urgent_at: null };
  expect([stageOf(bare, at("11:59")), stageOf(bare, at("12:00"))]).toEqual(["calm", "late"]);
});

test("a breach stays one, however the clock goes on", () => {
  expect(stageOf({ ...running, status: "paused", due_at: null, breached: true }, at("09:00"))).toBe("late");
  expect(stageOf({ ...running, status: "met", breached: true }, at("09:00"))).toBe("metLate");
});

test("a paused clock has no deadline and is not late", () => {
  expect(stageOf({ ...running, status: "paused", due_at: null }, at("23:00"))).toBe("paused");
});

test("the nearest deadline comes first, paused clocks after it, ended ones last", () => {
  const later = { ...running, due_at: instant("13:00") };
  const paused: Timed = { ...running, status: "paused", due_at: null };
  const met: Timed = { ...running, status: "met" };
  expect([met, paused, later, running].sort(byDeadline)).toEqual([running, later, paused, met]);
});
