/** The rows in the order in which their keys stood before; those that are new follow, in the order that is wanted. The same array where that is it. */
export function asBefore<Row>(
  wanted: readonly Row[],
  before: readonly string[],
  keyOf: (row: Row) => string,
): readonly Row[] {
  const places = new Map(before.map((key, place) => [key, place]));
  const place = (row: Row) => places.get(keyOf(row)) ?? before.length;
  const rows = [...wanted].sort((one, other) => place(one) - place(other));
  return rows.every((row, index) => row === wanted[index]) ? wanted : rows;
}
