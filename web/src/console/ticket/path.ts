import { isAnswered } from "../ticketCodes";
import type { TicketDetails } from "./ticket";

type Kind = TicketDetails["kind"];

export type Status = TicketDetails["status"];

const USUAL: readonly Status[] = [
  "open",
  "in_triage",
  "authorised",
  "scheduled",
  "on_site",
  "repaired",
  "accepted",
  "closed",
];

/** What is not on every ticket's way stands behind what it follows. */
const AFTER: Partial<Record<Status, Status>> = { waiting_customer: "on_site", rework: "repaired" };

/** The statuses to show for a ticket of this kind that is at `status`. */
export function pathOf(status: Status, kind?: Kind): Status[] {
  if (status === "cancelled") return ["open", "cancelled"];
  if (kind && isAnswered(kind) && (status === "open" || status === "closed")) return ["open", "closed"];
  const before = AFTER[status];
  return before ? USUAL.flatMap((step) => (step === before ? [step, status] : [step])) : [...USUAL];
}
