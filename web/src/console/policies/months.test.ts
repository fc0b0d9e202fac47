import { expect, test } from "vitest";
import { byMonth, type Day, hoursOf, weeksOf } from "./months";

const day = (date: string): Day => ({
  date,
  rule: "weekly_hours",
  detail: "",
  hours: [{ start: "09:00", end: "18:00" }],
});

test("weeks begin on Monday and are filled up", () => {
  const days = ["2026-03-01", "2026-03-02"].map(day); // a Sunday and a Monday
  const [first, second] = weeksOf(days);
  expect(first?.map((one) => one?.date ?? null)).toEqual([null, null, null, null, null, null, "2026-03-01"]);
  expect(second?.[0]?.date).toBe("2026-03-02");
  expect(second).toHaveLength(7);
});

test("days are told by month, with their hours", () => {
  expect(byMonth([day("2026-03-31"), day("2026-04-01")]).map(([month]) => month)).toEqual(["2026-03", "2026-04"]);
  expect(hoursOf(day("2026-03-31"))).toBe("09:00–18:00");
});
