import type { Query, QueryClient } from "@tanstack/react-query";
import { unseen } from "./refresh";

/**
 * Reads once more what was made stale while it was read for the first time: its answer may be older than the change.
 * Of a first reading the library waits for the answer that is under way, and takes it for fresh.
 */
export function readOvertakenAgain(queries: QueryClient): void {
  const overtaken = new WeakSet<Query>();
  queries.getQueryCache().subscribe((told) => {
    if (told.type !== "updated") return;
    const { query, action } = told;
    if (action.type === "invalidate") overtaken.add(query);
    if (action.type === "fetch") overtaken.delete(query);
    if (action.type === "success" && !action.manual && overtaken.delete(query))
      void queries.invalidateQueries({ queryKey: query.queryKey, exact: true, ...unseen() });
  });
}
