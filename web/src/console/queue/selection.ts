interface Identified {
  id: string;
}

/** The rows from one to another, both included, whichever stands first; the other alone where the one is not there. */
export function through<Row extends Identified>(rows: readonly Row[], from: string | null, to: string): Row[] {
  const end = rows.findIndex(({ id }) => id === to);
  const start = rows.findIndex(({ id }) => id === from);
  if (end < 0) return [];
  const [first, last] = start < 0 ? [end, end] : [Math.min(start, end), Math.max(start, end)];
  return rows.slice(first, last + 1);
}

/** How many of the chosen ones the list does not show. */
export function unseen(chosen: Iterable<string>, rows: readonly Identified[]): number {
  const shown = new Set(rows.map(({ id }) => id));
  return [...chosen].filter((id) => !shown.has(id)).length;
}

/** The chosen ones but these. */
export function without<Row>(chosen: ReadonlyMap<string, Row>, ids: readonly string[]): Map<string, Row> {
  return new Map([...chosen].filter(([id]) => !ids.includes(id)));
}
