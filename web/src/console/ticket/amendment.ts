import type { components } from "../../api/intake.gen";
import type { TicketDetails } from "./ticket";

type Amendment = components["schemas"]["TicketAmendment"];

/** What may be put right, as it is shown: nothing is empty. */
export interface Amended {
  kind: TicketDetails["kind"];
  urgency: TicketDetails["urgency"];
  region: string;
  contract: string;
  summary: string;
}

export function saidOf({ kind, urgency, region, contract, summary }: TicketDetails): Amended {
  return { kind, urgency, region: region ?? "", contract: contract ?? "", summary: summary ?? "" };
}

/** The command: what is other than the ticket says, and why; nothing can be emptied. */
export function amendment(ticket: TicketDetails, values: Amended, reason: string): Amendment {
  const before = saidOf(ticket);
  const names = Object.keys(before) as (keyof Amended)[];
  const changed = names.filter((name) => values[name].trim() && values[name] !== before[name]);
  return { reason, ...Object.fromEntries(changed.map((name) => [name, values[name]])) };
}
