import { useCallback, useState } from "react";
import { arrivals } from "./arrivals";
import type { QueueItem } from "./tickets";

const NONE: ReadonlySet<string> = new Set();

/** The rows to show of a list under a key, how many wait, and what shows them. Until a list is read, nothing of it is known. */
export function useArrivals(rows: QueueItem[] | undefined, isRead: boolean, key: string) {
  const [seen, setSeen] = useState<{ key: string; known: ReadonlySet<string> }>({ key, known: NONE });
  const known = seen.key === key ? seen.known : NONE;
  const found = rows && arrivals(rows, known);
  // What is shown from now on is known: set while rendering, so that no rows are shown that go again.
  if (found && isRead && (seen.key !== key || found.shown.some(({ id }) => !known.has(id))))
    setSeen({ key, known: new Set(found.shown.map(({ id }) => id)) });
  const show = useCallback(() => setSeen({ key, known: NONE }), [key]);
  return { rows: found?.shown, waiting: found?.waiting ?? 0, show };
}
