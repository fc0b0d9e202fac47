import type { Duration, Policy, SharedCalendar, Target } from "./policies";

/** A flaw that the service found: where in the document, and why it cannot work. */
export interface Flaw {
  place: string;
  detail: string;
}

/** Flaws by their place in the document: `body.document.targets[0].stop` is `targets[0].stop`. */
export function flawsIn(errors: readonly { field: string; detail: string }[] | undefined): Flaw[] {
  return (errors ?? []).map(({ field, detail }) => ({ place: field.replace(/^body\.(document\.)?/, ""), detail }));
}

/** The flaws of one target, by their place within it; both ways to write a place count. */
export function flawsOf(flaws: readonly Flaw[], target: number): Flaw[] {
  const within = new RegExp(`^targets(\\[${target}\\]|\\.${target})(\\.|$)`);
  return flaws
    .filter(({ place }) => within.test(place))
    .map(({ place, detail }) => ({ place: place.replace(within, ""), detail }));
}

/** The document that a text is; null while it is none. */
export function documentIn(text: string): Policy | null {
  const found = parsed(text);
  return isPolicy(found) ? found : null;
}

/** The same of a calendar's id. */
export function calendarIn(text: string, id: string): SharedCalendar | null {
  const found = parsed(text);
  return isObject(found) && found.id === id ? (found as unknown as SharedCalendar) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function textOf(document: Policy | SharedCalendar): string {
  return JSON.stringify(document, null, 2);
}

/** Where a time stands in its target: for all levels, or for one. */
export type Place = "within" | `${number}`;

export function timesOf(target: Target): [Place, Duration][] {
  const all: [Place, Duration][] = target.within ? [["within", target.within]] : [];
  return [...all, ...(Object.entries(target.by_level ?? {}) as [Place, Duration][])];
}

/** The document with another time. */
export function withTime(document: Policy, index: number, place: Place, time: Duration): Policy {
  const targets = document.targets.map((target, at) => (at === index ? changed(target, place, time) : target));
  return { ...document, targets };
}

function changed(target: Target, place: Place, time: Duration): Target {
  if (place === "within") return { ...target, within: time };
  return { ...target, by_level: { ...target.by_level, [place]: time } };
}

/** Anything may be typed: the page needs targets to show, and the service says the rest. */
function isPolicy(found: unknown): found is Policy {
  return isObject(found) && Array.isArray(found.targets);
}

function isObject(found: unknown): found is Record<string, unknown> {
  return typeof found === "object" && found !== null;
}
