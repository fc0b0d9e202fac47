import type { components } from "../../api/sla.gen";
import type { Policy, SharedCalendar } from "./policies";

type Schemas = components["schemas"];
export type Change = Schemas["ChangeItem"];
type Group = Schemas["GroupItem"];
type Question = Schemas["NewReplay"];
type Hours = NonNullable<Question["calendars"]>[string];
type Tried = { policy: string | Policy } | { calendars: Record<string, Hours> };

/** What is tried on which tickets, as the address says it: a published version, `draft:demo`, or `calendar:cn-office`. */
export interface WhatIfSearch {
  rules?: string;
  /** Days of the reader's zone, both included: `2026-03-01`. */
  from?: string;
  to?: string;
}

/** The clock of a replay that is looked at: a ticket's id and a metric. */
export interface ReplaySearch {
  clock?: string;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const RULES = /^((draft|calendar):[a-z][a-z0-9-]{0,39}|[a-z][a-z0-9-]{0,39}\/[1-9]\d{0,8})$/;
const CLOCK = /^([0-9a-f-]{36})\/([a-z][a-z0-9_]{0,39})$/;

export function whatIfSearch({ rules, from, to }: Record<string, unknown>): WhatIfSearch {
  return {
    ...(typeof rules === "string" && RULES.test(rules) && { rules }),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
  };
}

export function replaySearch({ clock }: Record<string, unknown>): ReplaySearch {
  return typeof clock === "string" && CLOCK.test(clock) ? { clock } : {};
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

export function clockOf({ ticket_id, metric }: Change): string {
  return `${ticket_id}/${metric}`;
}

/** The id of a policy whose draft is meant; null for a version that is published. */
export function draftIn(rules: string): string | null {
  return rules.startsWith("draft:") ? rules.slice("draft:".length) : null;
}

/** The id of a shared calendar whose draft is meant; null: it is about a policy. */
export function calendarIn(rules: string): string | null {
  return rules.startsWith("calendar:") ? rules.slice("calendar:".length) : null;
}

/** What a replay went by: its policies, and the shared calendars of which a draft was tried. */
export function rulesOf({ policies, calendars }: Pick<Schemas["ReplayItem"], "policies" | "calendars">): string {
  return [...policies, ...calendars.filter((name) => name.endsWith("/draft"))].join(", ");
}

/** The hours of a calendar, without what only its own page says. */
export function hoursIn({ id: _, version: __, title: ___, note: ____, ...hours }: SharedCalendar): Hours {
  return hours as unknown as Hours;
}

/** The number of the version after these. */
export function nextOf(numbers: readonly number[]): number {
  return Math.max(0, ...numbers) + 1;
}

/** What the service is asked: tickets from the first day's midnight to that after the last one, in the reader's zone. */
export function questionOf(tried: Tried, from: string, to: string): Question {
  const end = new Date(`${to}T00:00:00`);
  end.setDate(end.getDate() + 1);
  const begin = new Date(`${from}T00:00:00`);
  return { ...tried, from: begin.toISOString(), to: end.toISOString() } as Question;
}

/** What the draft makes of a clock: it would be late that was not, or the other way round. */
export function turnOf({ would_be }: Pick<Change, "would_be">): "late" | "inTime" {
  return would_be?.breached ? "late" : "inTime";
}

/** The clocks that become late first, then those that are late no longer; as they came within each. */
export function sorted(changes: readonly Change[]): Change[] {
  const [late, inTime] = (["late", "inTime"] as const).map((turn) => changes.filter((one) => turnOf(one) === turn));
  return [...(late ?? []), ...(inTime ?? [])];
}

/** Every metric as a whole, and the rest, which are parts of them. */
export function parted(groups: readonly Group[]): { whole: Group[]; parts: Group[] } {
  return { whole: groups.filter(({ by }) => by === "all"), parts: groups.filter(({ by }) => by !== "all") };
}
