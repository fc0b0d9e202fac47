import type { components } from "../../api/sla.gen";
import { known } from "../../lib/address";
import { every } from "../../lib/every";

export type Status = components["schemas"]["ListedClock"]["status"];
const STATUSES = every<Status>({ running: true, paused: true, met: true, cancelled: true });
export const LEVELS = ["1", "2", "3", "4"] as const;

/** Which clocks a figure counts, and the list behind it shows. */
export interface Filters {
  status?: Status[];
  metric?: string[];
  level?: (typeof LEVELS)[number][];
  breached?: "true" | "false";
  reason?: string;
}

export const OPEN: Status[] = ["running", "paused"];

const METRIC = /^[a-z][a-z0-9_]{0,39}$/;

export function filtersIn(search: Record<string, unknown>): Filters {
  const status = known(search.status, STATUSES);
  const level = known(search.level, LEVELS);
  const [breached] = known(search.breached, ["true", "false"] as const);
  const metric = [search.metric].flat().filter((name): name is string => typeof name === "string" && METRIC.test(name));
  const reason = typeof search.reason === "string" ? search.reason.slice(0, 120) : "";
  return {
    ...(status.length > 0 && { status }),
    ...(metric.length > 0 && { metric }),
    ...(level.length > 0 && { level }),
    ...(breached && { breached }),
    ...(reason && { reason }),
  };
}

/** The filters as the service takes them; it knows no reason of a pause, by which the page itself narrows. */
export function asked({ level, breached, reason: _, ...rest }: Filters) {
  return { ...rest, ...(level && { level: level.map(Number) }), ...(breached && { breached: breached === "true" }) };
}
