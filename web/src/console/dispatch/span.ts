import { daysFrom, startOf } from "./day";

/** How many days the board shows at once. */
export type SpanName = "day" | "days" | "week";

export interface Span {
  days: number;
  /** Pixels of an hour. */
  hourWidth: number;
  /** After how many hours the next one is written at the head. */
  every: number;
}

export const SPANS: Readonly<Record<SpanName, Span>> = {
  day: { days: 1, hourWidth: 88, every: 1 },
  days: { days: 3, hourWidth: 32, every: 3 },
  week: { days: 7, hourWidth: 16, every: 6 },
};

/** What the board shows: the days, and the instants with which they begin and end. */
export interface Shown {
  days: readonly string[];
  start: number;
  end: number;
  span: Span;
}

export function shownFrom(day: string, name: SpanName): Shown {
  const span = SPANS[name];
  const [days, next] = daysFrom(day, span.days);
  return { days, start: startOf(day), end: startOf(next), span };
}
