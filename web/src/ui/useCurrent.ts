import { useCallback, useEffect, useState } from "react";
import { type Current, FIRST, standsAt } from "./current";

/** The row that the keys of a grid act on, by its place today, and how another becomes it. */
export function useCurrent<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const [held, setHeld] = useState<Current>(FIRST);
  const current = standsAt(held, rows, keyOf);
  useEffect(
    () => setHeld((before) => (before.at === current ? before : { ...before, at: Math.max(0, current) })),
    [current],
  );
  const hold = useCallback((key: string, at: number) => setHeld({ key, at }), []);
  return { current, hold };
}
