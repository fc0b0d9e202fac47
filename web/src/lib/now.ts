import { useSyncExternalStore } from "react";

/** One clock for the whole page, set by the server's: what shows time subscribes to it, and nothing else is rendered. */
const listeners = new Set<() => void>();
const TOLERANCE = 2000; // the Date header has whole seconds, and an answer is on its way for a while
const RECENT = 5;
let aheads: readonly number[] = [];
let skew = 0;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Notes the time of an answer: its header Aftercare-Now, which is there where the services live in another time, or Date.
 * One that was long on its way seems to come from a clock that is behind: of the last ones the nearest counts.
 */
export function seen(date: string | null): void {
  const ahead = date ? Date.parse(date) - Date.now() : Number.NaN;
  if (Number.isNaN(ahead)) return;
  aheads = [...aheads, ahead].slice(-RECENT);
  const nearest = Math.max(...aheads);
  skew = Math.abs(nearest) > TOLERANCE ? nearest : 0;
}

/** Milliseconds since 1970 by the server's clock, to the full second while `bySecond` says so of it, else to the full minute. */
export function useNow(bySecond: (now: number) => boolean): number {
  return useSyncExternalStore(subscribe, () => {
    const step = bySecond(now) ? 1000 : 60_000;
    return Math.floor(now / step) * step;
  });
}

/** Milliseconds since 1970 by the server's clock, read once. */
export function current(): number {
  return Date.now() + skew;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = current();
  for (const listener of listeners) listener();
}
