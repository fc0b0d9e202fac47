/** A day of the board, `2027-03-04`, by this browser's clock; instants are milliseconds since 1970. */

const HOUR = 3_600_000;
/** A visit begins on the quarter of an hour. */
export const STEP = HOUR / 4;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function dayOf(instant: number): string {
  const at = new Date(instant);
  const [year, month, date] = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return `${year}-${two(month)}-${two(date)}`;
}

/** Midnight, with which the day begins. */
export function startOf(day: string): number {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year as number, (month as number) - 1, date).getTime();
}

/** The day that many days later; a day has 23 or 25 hours where clocks are changed. */
export function later(day: string, days: number): string {
  const at = new Date(startOf(day));
  return dayOf(new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime());
}

/** So many days from one on, and the day after them. */
export function daysFrom(day: string, count: number): [days: string[], next: string] {
  return [Array.from({ length: count }, (_, index) => later(day, index)), later(day, count)];
}

/** The day that a text says, or null where it says none. */
export function dayIn(text: unknown): string | null {
  return typeof text === "string" && DAY.test(text) && dayOf(startOf(text)) === text ? text : null;
}

/** The nearest quarter of an hour. */
export function snapped(instant: number): number {
  return Math.round(instant / STEP) * STEP;
}

/** The next quarter of an hour that is not over yet. */
export function upcoming(instant: number): number {
  return Math.ceil(instant / STEP) * STEP;
}

/** How wide a time is, in pixels, where an hour is so wide. */
export function widthOf(milliseconds: number, hourWidth: number): number {
  return (milliseconds / HOUR) * hourWidth;
}

/** The time that a width has. */
export function timeOf(pixels: number, hourWidth: number): number {
  return (pixels / hourWidth) * HOUR;
}

/** The full hours of a day, each an instant. */
export function hoursOf(day: string): number[] {
  const [start, end] = [startOf(day), startOf(later(day, 1))];
  return Array.from({ length: Math.round((end - start) / HOUR) }, (_, hour) => start + hour * HOUR);
}

/** `09:15`, as a field of a form has it. */
export function clockTime(instant: number): string {
  const at = new Date(instant);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant of a day and a time of a form; NaN where one of them is not filled in. */
export function instantOf(day: string, time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  if (dayIn(day) === null || hour === undefined || minute === undefined) return Number.NaN;
  const at = new Date(startOf(day));
  return new Date(at.getFullYear(), at.getMonth(), at.getDate(), hour, minute).getTime();
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
