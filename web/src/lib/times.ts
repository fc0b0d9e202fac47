import i18next from "i18next";
import { language } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2026-11-28 周六 10:00`, in `zone` (IANA) or the reader's own. */
export function dateTime(instant: string, zone?: string | null): string {
  const { year, month, day, weekday, hour, minute } = parts(instant, zone);
  return `${year}-${month}-${day} ${weekday} ${hour}:${minute}`;
}

/** `11-28 10:00`: for columns. */
export function shortTime(instant: string, zone?: string | null): string {
  const { month, day, hour, minute } = parts(instant, zone);
  return `${month}-${day} ${hour}:${minute}`;
}

/** `2026-11-28 周六`: what a history is grouped by. */
export function day(instant: string, zone?: string | null): string {
  return dateTime(instant, zone).slice(0, -6);
}

export function timeOfDay(instant: string, zone?: string | null): string {
  return dateTime(instant, zone).slice(-5);
}

/** `2小时15分`; never in days, for a day of working time has other hours than the clock's. */
export function duration(milliseconds: number): string {
  const [h, m] = [Math.floor(milliseconds / HOUR), Math.floor((milliseconds % HOUR) / MINUTE)];
  if (h && m) return i18next.t("duration.hoursAndMinutes", { h, m });
  return h ? i18next.t("duration.hours", { h }) : i18next.t("duration.minutes", { m });
}

/** What is left until `instant`: seconds in the last hour, its weekday and time from a day on, how much it is over after. */
export function remaining(instant: string, now: number): string {
  const left = Date.parse(instant) - now;
  if (left < 0) return i18next.t("duration.over", { time: duration(-left) });
  if (left >= DAY) return shortTime(instant);
  return left < HOUR ? minutesAndSeconds(left) : duration(left);
}

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function parts(instant: string, zone?: string | null) {
  const found: Record<string, string> = {};
  for (const { type, value } of formatter(zone ?? ownZone).formatToParts(new Date(instant))) found[type] = value;
  return found;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const key = `${language()} ${zone}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(language(), { ...FORMAT, timeZone: zone });
  formatters.set(key, made);
  return made;
}

const FORMAT = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;
