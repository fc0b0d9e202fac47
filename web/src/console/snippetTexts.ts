import { type Language, language } from "../lib/words";
import type { Snippet, Use } from "./snippets";

/** Its text in the language that is spoken, else in the other. */
export function textOf({ chinese, english }: Snippet, spoken: Language = language()): string {
  return (spoken === "en" ? (english ?? chinese) : (chinese ?? english)) ?? "";
}

/** Those that are for a field, and for this type of job, which have these words. */
export function fitting(of: readonly Snippet[], use: Use, kind: string | null, words: string): Snippet[] {
  const sought = words.trim().toLowerCase();
  return of.filter(
    (each) =>
      (each.use === null || each.use === use) &&
      (each.kind === null || kind === null || each.kind === kind) &&
      `${each.title} ${each.chinese ?? ""} ${each.english ?? ""}`.toLowerCase().includes(sought),
  );
}

/** A text with another put in between two places of it. */
export function withText(text: string, inserted: string, start: number, end: number): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
