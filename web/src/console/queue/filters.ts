import type { components } from "../../api/intake.gen";
import { known } from "../../lib/address";
import { codes } from "../../lib/labels";

type TicketItem = components["schemas"]["TicketItem"];
export type Status = TicketItem["status"];

/** What the queue shows, as the address says it; a value that nobody knows asks for nothing. */
export interface Filters {
  status?: Status[];
  urgency?: TicketItem["urgency"][];
  kind?: TicketItem["kind"][];
  number?: string;
}

export function filtersIn(search: Record<string, unknown>): Filters {
  const status = known(search.status, codes("ticket_status"));
  const urgency = known(search.urgency, codes("urgency"));
  const kind = known(search.kind, codes("job_type"));
  const number = typeof search.number === "string" ? search.number.trim().slice(0, 40) : "";
  return {
    ...(status.length > 0 && { status }),
    ...(urgency.length > 0 && { urgency }),
    ...(kind.length > 0 && { kind }),
    ...(number && { number }),
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** Views are filters that have a name. */
export const VIEWS = {
  all: [],
  open: [
    "open",
    "in_triage",
    "waiting_customer",
    "authorised",
    "scheduled",
    "on_site",
    "repaired",
    "rework",
    "accepted",
  ],
  waiting: ["waiting_customer"],
  done: ["repaired", "accepted"],
} as const satisfies Record<string, readonly Status[]>;

export type View = keyof typeof VIEWS;

/** The view whose statuses are chosen, if one is. */
export function viewOf(filters: Filters): View | null {
  const chosen = [...(filters.status ?? [])].sort().join();
  const names = Object.keys(VIEWS) as View[];
  return names.find((name) => [...VIEWS[name]].sort().join() === chosen) ?? null;
}
