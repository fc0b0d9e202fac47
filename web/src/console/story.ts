import i18next from "i18next";
import { dateTime, day, duration } from "../lib/times";
import { vocabularyOf } from "./codes";
import type { StoryItem } from "./history";
import { label } from "./labels";

const INSTANTS = ["start", "end", "deadline"] as const;
const DURATIONS = ["target_seconds", "counted_seconds"] as const;
const PLAIN = ["number", "region", "contract", "team"];

/** What an event says beside its name, as short as it can be read: `P1`, `到场`, `截止 2026-11-28 周六 10:00`. */
export function factsOf(event: StoryItem, zone: string | null): string[] {
  return Object.entries(event.fields).flatMap(([name, value]) => {
    if (name === "owner_id") return ownerOf(value, event.people);
    const said = fact(event.type, name, value, zone);
    return said === null ? [] : said + earlier(event, name, zone);
  });
}

/** What the field said before it was amended. */
function earlier({ type, fields }: StoryItem, name: string, zone: string | null): string {
  const before = (fields.before ?? null) as Record<string, unknown> | null;
  if (before === null || typeof before !== "object" || !(name in before)) return "";
  return ` ← ${fact(type, name, before[name], zone) ?? "–"}`;
}

/** By day, in the order of the story. */
export function byDay(story: readonly StoryItem[], zone: string | null): [string, StoryItem[]][] {
  const days = new Map<string, StoryItem[]>();
  for (const event of story) {
    const on = day(event.occurred_at, zone);
    days.set(on, [...(days.get(on) ?? []), event]);
  }
  return [...days];
}

const LATER = 60_000;

/** Whether it was recorded later than a slow connection explains: entered afterwards, or without a network. */
export function isRecordedLater(event: StoryItem): boolean {
  return Date.parse(event.recorded_at) - Date.parse(event.occurred_at) > LATER;
}

function ownerOf(id: unknown, people: Record<string, string>): string {
  if (typeof id !== "string") return i18next.t("owner.nobody");
  return people[id] ?? i18next.t("owner.unknown");
}

function fact(type: string, name: string, value: unknown, zone: string | null): string | null {
  if (typeof value === "number") return ofNumber(name, value);
  if (typeof value !== "string" || !value) return null;
  const vocabulary = vocabularyOf(type, name);
  if (vocabulary) return label(vocabulary, value);
  const instant = INSTANTS.find((known) => known === name);
  if (instant) return i18next.t(`ticket.fact.${instant}`, { said: dateTime(value, zone) });
  return PLAIN.includes(name) ? value : null;
}

function ofNumber(name: string, value: number): string | null {
  const length = DURATIONS.find((known) => known === name);
  if (length) return i18next.t(`ticket.fact.${length}`, { said: duration(value * 1000) });
  return name === "level" ? `P${value}` : null;
}
