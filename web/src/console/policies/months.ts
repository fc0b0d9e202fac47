import type { components } from "../../api/sla.gen";

export type Year = components["schemas"]["CalendarYear"];
export type Day = Year["days"][number];

/** The days of each month, `2026-03`. */
export function byMonth(days: readonly Day[]): [string, Day[]][] {
  const months = new Map<string, Day[]>();
  for (const day of days) {
    const month = day.date.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), day]);
  }
  return [...months];
}

/** The weeks of a month, Monday first; null where a week reaches into another month. */
export function weeksOf(days: readonly Day[]): (Day | null)[][] {
  const first = days[0];
  if (!first) return [];
  const before = (new Date(`${first.date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells = [...Array<null>(before).fill(null), ...days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  return weeks.map((week) => [...week, ...Array<null>(7 - week.length).fill(null)]);
}

/** `09:00–12:00 13:00–18:00`. */
export function hoursOf({ hours }: Day): string {
  return hours.map(({ start, end }) => `${start}–${end}`).join(" ");
}
