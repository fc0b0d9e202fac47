import type { Query, QueryClient } from "@tanstack/react-query";
import { unseen } from "./refresh";

/**
 * Reads once more what was made stale while it was read for the first time: its answer may be older than the change.
 * Of a first reading the library waits for the answer that is under way, and takes it for fresh.
 */
export function readOvertakenAgain(queries: QueryClient): void {
  const overtaken = new WeakSet<Query>();
  function begin(query: Query): void {
    overtaken.delete(query);
    queueMicrotask(() => hearAgain(query)); // who reads may ask whether it is stale: they have by then
  }
  queries.getQueryCache().subscribe((told) => {
    if (told.type !== "updated") return;
    const { query, action } = told;
    if (action.type === "invalidate") overtaken.add(query);
    if (action.type === "fetch") begin(query);
    if (action.type === "success" && !action.manual && overtaken.delete(query))
      void queries.invalidateQueries({ queryKey: query.queryKey, exact: true, ...unseen() });
  });
}

/** What could not be read so far is stale for that: nobody would be told that it was made stale once more. */
function hearAgain(query: Query): void {
  const { data, fetchStatus, isInvalidated } = query.state;
  if (data === undefined && fetchStatus === "fetching" && isInvalidated) query.setState({ isInvalidated: false });
}
