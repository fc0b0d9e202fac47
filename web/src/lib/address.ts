/** Filters in the address, as people write them: a name may be repeated, and nothing is quoted. */
export type Search = Record<string, string | string[] | undefined>;

export function parseSearch(text: string): Search {
  const found: Search = {};
  const given = new URLSearchParams(text);
  for (const name of new Set(given.keys())) {
    const values = given.getAll(name);
    found[name] = values.length > 1 ? values : values[0];
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  const said = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(said.map(([name, value]) => [String(name), String(value)])).toString();
  return text && `?${text}`;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isId(text: unknown): text is string {
  return typeof text === "string" && ID.test(text);
}

/** Those of the values that are known; what makes no sense in an address asks for nothing. */
export function known<Value extends string>(value: unknown, values: readonly Value[]): Value[] {
  const given: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => given.includes(each));
}
