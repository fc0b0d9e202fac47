import type { TicketDetails } from "./ticket";

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

/** The statuses to show for a ticket that is at `status`. */
export function pathOf(status: Status): Status[] {
  if (status === "cancelled") return ["open", "cancelled"];
  const before = AFTER[status];
  return before ? USUAL.flatMap((step) => (step === before ? [step, status] : [step])) : [...USUAL];
}
