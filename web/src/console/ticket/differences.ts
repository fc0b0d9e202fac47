import type { Vocabulary } from "../labels";
import { type Act, actsOn } from "./acts";
import type { Status } from "./path";
import type { TicketDetails } from "./ticket";

export interface Difference {
  field: (typeof FIELDS)[number][0];
  vocabulary: Vocabulary | null;
  before: string;
  after: string;
}

const FIELDS = [
  ["status", "ticket_status", (ticket: TicketDetails) => ticket.status],
  ["urgency", "urgency", (ticket: TicketDetails) => ticket.urgency],
  ["kind", "ticket_kind", (ticket: TicketDetails) => ticket.kind],
  ["warranty", "verdict", (ticket: TicketDetails) => ticket.warranty.verdict],
  ["region", null, (ticket: TicketDetails) => ticket.region],
  ["contract", null, (ticket: TicketDetails) => ticket.contract],
  ["summary", null, (ticket: TicketDetails) => ticket.summary],
  ["requirements", null, (ticket: TicketDetails) => ticket.requirements],
  ["owner", null, (ticket: TicketDetails) => ticket.owner_name ?? ticket.owner_id],
  ["name", null, (ticket: TicketDetails) => ticket.customer?.name],
  ["address", null, (ticket: TicketDetails) => ticket.customer?.address],
] as const;

/** The fields of a ticket that differ between two readings of it. */
export function differences(before: TicketDetails, after: TicketDetails): Difference[] {
  return FIELDS.flatMap(([field, vocabulary, of]) => {
    const [was, is] = [of(before) ?? "–", of(after) ?? "–"];
    return was === is ? [] : [{ field, vocabulary, before: was, after: is }];
  });
}

/** Before anybody has begun to work: a ticket goes from one to the other by itself. */
const UNTOUCHED: readonly Status[] = ["open", "in_triage"];

/** Whether somebody who decided on an act by the one reading has to look at the other first. */
export function matters(act: Act, before: TicketDetails, after: TicketDetails): boolean {
  const changed = differences(before, after);
  const byItself = UNTOUCHED.includes(before.status) && UNTOUCHED.includes(after.status);
  return changed.some(({ field }) => field !== "status" || !byItself) || !actsOn(after.status).includes(act);
}
