import { expect, test } from "vitest";
import { attemptOf } from "./outcome";

test("who was reached gives a score and is not called again", () => {
  expect(attemptOf({ outcome: "reached", score: 5, comment: " ", again_at: "2026-12-01T09:00" })).toEqual({
    outcome: "reached",
    score: 5,
  });
});

test("who was not reached gives no score, and may be called again at a time", () => {
  const again_at = new Date("2026-12-01T09:00").toISOString();
  expect(attemptOf({ outcome: "later", score: 5, comment: "开会", again_at: "2026-12-01T09:00" })).toEqual({
    outcome: "later",
    comment: "开会",
    again_at,
  });
  expect(attemptOf({ outcome: "refused", again_at: "2026-12-01T09:00" })).toEqual({ outcome: "refused" });
});
