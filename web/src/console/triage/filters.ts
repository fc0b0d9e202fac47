import type { components } from "../../api/triage.gen";
import { known } from "../../lib/address";
import { every } from "../../lib/every";

export type Status = components["schemas"]["CaseItem"]["status"];
const STATUSES = every<Status>({
  open: true,
  classified: true,
  remote_support: true,
  resolved_remotely: true,
  authorised: true,
  ended: true,
});
export const LEVELS = ["1", "2", "3", "4"] as const;
type Level = (typeof LEVELS)[number];

/** What the queue shows, as the address says it: without a status, what is to be decided. */
export interface Filters {
  status?: Status[];
  level?: Level[];
  /** The nearest deadline first, of what is to be decided. Left out: without a level first, then the gravest. */
  sort?: "due_at";
}

/** What nobody has decided yet. */
export const UNDECIDED: readonly Status[] = ["open", "classified", "remote_support"];

export function filtersIn(search: Record<string, unknown>): Filters {
  const status = known(search.status, STATUSES);
  const level = known(search.level, LEVELS);
  const found = { ...(status.length > 0 && { status }), ...(level.length > 0 && { level }) };
  return { ...found, ...(search.sort === "due_at" && isToDecide(found) && { sort: "due_at" as const }) };
}

/** Whether anything is asked for; an order is none. */
export function isFiltered({ sort, ...filters }: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** Whether all that is asked for is still to be decided: only then a deadline says what comes next. */
export function isToDecide(filters: Filters): boolean {
  return statusesOf(filters).every((status) => UNDECIDED.includes(status));
}

export function statusesOf({ status }: Filters): readonly Status[] {
  return status ?? UNDECIDED;
}

/**
 * The requests that make the list one after another: what has no level waits longest and comes first, then the gravest.
 * A request for what cannot have the level that is asked for is left out.
 */
export function phasesOf(filters: Filters): { status: Status[]; sort: "opened_at" | "level" }[] {
  const statuses = statusesOf(filters);
  const unclassified = statuses.filter((status) => status === "open" && !filters.level);
  const others = statuses.filter((status) => status !== "open");
  return [
    ...(unclassified.length > 0 ? [{ status: unclassified, sort: "opened_at" as const }] : []),
    ...(others.length > 0 ? [{ status: others, sort: "level" as const }] : []),
  ];
}
