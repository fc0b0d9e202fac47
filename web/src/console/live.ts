import { follow } from "../lib/live";
import { unseen } from "../lib/refresh";
import { type Key, keysOf, type Told } from "../lib/stale";
import { queries } from "./queries";

/** Milliseconds: events that come together make a page ask once, and not again before a while has passed. */
const TOGETHER = 250;
const AT_LEAST = 1000;
/** Milliseconds after which other services have heard of an event, as a rule and when they are busy. */
const HEARD = [1000, 4000];

/** Of an event that only a newer service knows. */
const EVERYTHING = { now: [[]], later: [[]] };

let waiting = new Set<string>();
let asked = 0;

/** From now on pages show what happens as it happens. */
export function goLive(): void {
  follow({ told: note, missed: before });
}

function note(told: Told): void {
  const { now, later } = keysOf(told) ?? EVERYTHING;
  mark(now);
  if (later.length > 0) for (const pause of HEARD) setTimeout(() => mark(later), pause);
}

function mark(keys: readonly Key[]): void {
  if (waiting.size === 0) setTimeout(ask, Math.max(TOGETHER, asked + AT_LEAST - Date.now()));
  for (const key of keys) waiting.add(JSON.stringify(key));
}

function ask(): void {
  asked = Date.now();
  for (const key of waiting) void queries.invalidateQueries({ queryKey: JSON.parse(key) as Key, ...unseen() });
  waiting = new Set();
}

function before(at: number): void {
  void queries.invalidateQueries({ predicate: (query) => query.state.dataUpdatedAt < at, ...unseen() });
}
