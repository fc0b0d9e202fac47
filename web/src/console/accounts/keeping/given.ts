import { current } from "../../../lib/now";

/** What was filled in; what was left empty is not said. */
export function given<Fields extends Record<string, string>>(fields: Fields): Partial<Fields> {
  const filled = Object.entries(fields).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(filled.filter(([, value]) => value)) as Partial<Fields>;
}

/** The numbers among them, as numbers. */
export function numbers<Name extends string>(fields: Record<Name, string>): Partial<Record<Name, number>> {
  const filled = Object.entries<string>(fields).filter(([, value]) => value.trim());
  return Object.fromEntries(filled.map(([name, value]) => [name, Number(value)])) as Partial<Record<Name, number>>;
}

/** Today where the writer is, `2027-03-04`. */
export function today(): string {
  const now = new Date(current());
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** When something happened that day: at noon where the writer is, and now if it is today. */
export function happened(day: string): { occurred_at?: string } {
  return day && day !== today() ? { occurred_at: new Date(`${day}T12:00:00`).toISOString() } : {};
}
