import { expect, test } from "vitest";
import { BLANK, questionOf } from "./question";

test("without a preset the policies in force are asked", () => {
  expect(questionOf({ ...BLANK, start: "2026-03-02T09:00" })).not.toHaveProperty("preset");
  expect(questionOf({ ...BLANK, start: "2026-03-02T09:00", preset: "pp-12a" }).preset).toBe("pp-12a");
});

test("times are sent as instants, whatever zone they were typed in", () => {
  const { start, pauses } = questionOf({
    ...BLANK,
    start: "2026-03-02T09:00",
    pauses: [{ start: "2026-03-02T10:00", end: "2026-03-02T11:00" }],
  });
  expect([start, pauses?.[0]?.end].map((at) => at?.endsWith("Z"))).toEqual([true, true]);
  expect(Date.parse(pauses?.[0]?.start ?? "") - Date.parse(start)).toBe(3_600_000);
});
