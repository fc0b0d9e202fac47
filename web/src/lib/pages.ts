export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

/** All rows of a list, whose pages are read one after the other. */
export async function allOf<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    rows.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

/** Ids of one request: its address has all of them. */
const PORTION = 50;

/** What is asked for by ids, a request for each 50 of them. */
export async function inPortions<Row>(ids: readonly string[], read: (ids: string[]) => Promise<Row[]>): Promise<Row[]> {
  const portions = Array.from({ length: Math.ceil(ids.length / PORTION) }, (_, index) =>
    ids.slice(index * PORTION, (index + 1) * PORTION),
  );
  return (await Promise.all(portions.map(read))).flat();
}
