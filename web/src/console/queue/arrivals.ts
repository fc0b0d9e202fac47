interface Identified {
  id: string;
}

/** The rows that are shown, and how many wait until somebody asks for them. */
export interface Arrivals<Row> {
  shown: Row[];
  waiting: number;
}

/**
 * Splits a list that was read again: what came between rows that somebody looks at would move them, so it waits; what
 * follows after them is only the rest of the list. With nothing known, or nothing left of it, all is shown.
 */
export function arrivals<Row extends Identified>(rows: readonly Row[], known: ReadonlySet<string>): Arrivals<Row> {
  const last = rows.findLastIndex(({ id }) => known.has(id));
  const shown = rows.filter(({ id }, index) => known.has(id) || index > last);
  return { shown, waiting: rows.length - shown.length };
}
