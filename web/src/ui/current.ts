/** The row that the keys act on: which one it was, and where it stood when it was last seen. */
export interface Current {
  key: string | undefined;
  at: number;
}

export const FIRST: Current = { key: undefined, at: 0 };

/** Where the current row stands now. Rows come and go above it while it is read, so it is known by its key; once it is gone, what took its place is current. */
export function standsAt<Row>({ key, at }: Current, rows: readonly Row[], keyOf: (row: Row) => string): number {
  const there = rows[at];
  const hasMoved = key !== undefined && !(there && keyOf(there) === key);
  const found = hasMoved ? rows.findIndex((row) => keyOf(row) === key) : at;
  return Math.min(found === -1 ? at : found, rows.length - 1);
}
