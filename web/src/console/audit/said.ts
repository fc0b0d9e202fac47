import type { RecordEvent } from "./records";

/** What the events of a record without a sheet come to. */
interface Said {
  /** Of a customer: what kind it is, and how many people and sites are on file. */
  customerKind: string | null;
  people: number;
  sites: number;
  /** Of a rule: the number of its last version, and what was drafted or published last. */
  number: number | null;
  document: unknown;
}

export function saidBy(events: readonly RecordEvent[]): Said {
  const people = new Set<unknown>();
  const sites = new Set<unknown>();
  const said: Said = { customerKind: null, people: 0, sites: 0, number: null, document: null };
  for (const { type, fields } of events) {
    if (type === "intake.CustomerClassified") said.customerKind = String(fields.kind);
    keep(people, "Person", type, fields);
    keep(sites, "Site", type, fields);
    if (typeof fields.number === "number") said.number = fields.number;
    said.document = fields.document ?? said.document;
  }
  return { ...said, people: people.size, sites: sites.size };
}

function keep(ids: Set<unknown>, what: "Person" | "Site", type: string, fields: Record<string, unknown>): void {
  const one = fields[what.toLowerCase()] as { id?: unknown } | undefined;
  if (type === `intake.${what}Noted`) ids.add(one?.id);
  if (type === `intake.${what}Removed`) ids.delete(fields[`${what.toLowerCase()}_id`]);
}
