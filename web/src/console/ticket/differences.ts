import type { Vocabulary } from "../../lib/labels";
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
  ["kind", "job_type", (ticket: TicketDetails) => ticket.kind],
  ["warranty", "verdict", (ticket: TicketDetails) => ticket.warranty.verdict],
  ["region", null, (ticket: TicketDetails) => ticket.region],
  ["contract", null, (ticket: TicketDetails) => ticket.contract],
  ["summary", null, (ticket: TicketDetails) => ticket.summary],
  ["requirements", null, (ticket: TicketDetails) => ticket.requirements],
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
