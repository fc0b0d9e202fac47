import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/sla.gen";
import { body, sla } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { asked, type Filters, LEVELS, OPEN } from "./filters";

type ForecastItem = components["schemas"]["ForecastItem"];

/** Paused clocks whose reasons are told; of more, the total alone. */
const MOST = 200;
const NEXT = 8;

export interface Figures {
  running: number;
  paused: number;
  /** Open clocks that are late, by metric and then by level. */
  breached: Record<string, Record<string, number>>;
  /** Open clocks by metric. */
  open: Record<string, number>;
  next: ForecastItem[];
  /** Paused clocks by reason. */
  reasons: Record<string, number>;
}

/** All that the wallboard says, asked for together so that its figures are of one moment. */
export function useFigures() {
  return useQuery({ queryKey: ["clocks", "figures"], queryFn: figures, refetchInterval: EVERY });
}

async function figures(): Promise<Figures> {
  const [statuses, open, next, reasons, ...late] = await Promise.all([
    countsBy("status", { status: OPEN }),
    countsBy("metric", { status: OPEN }),
    nextBreaches(),
    pausedBy(),
    ...LEVELS.map((level) => countsBy("metric", { status: OPEN, breached: "true", level: [level] })),
  ]);
  return {
    running: statuses.running ?? 0,
    paused: statuses.paused ?? 0,
    open,
    next,
    reasons,
    breached: Object.fromEntries(
      Object.keys(open).map((metric) => [
        metric,
        Object.fromEntries(LEVELS.map((level, n) => [level, late[n]?.[metric] ?? 0])),
      ]),
    ),
  };
}

async function countsBy(group: "status" | "metric", filters: Filters): Promise<Record<string, number>> {
  const query = { ...asked(filters), group_by: group };
  const { items } = await body(sla.GET("/v1/clocks/counts", { params: { query } }));
  return Object.fromEntries(items.map(({ value, count }) => [value ?? "", count]));
}

async function nextBreaches(): Promise<ForecastItem[]> {
  const { items } = await body(sla.GET("/v1/clocks/next-breaches", { params: { query: { limit: NEXT } } }));
  return items.filter((clock) => clock.status === "running");
}

async function pausedBy(): Promise<Record<string, number>> {
  const query = { status: ["paused" as const], limit: MOST };
  const { items } = await body(sla.GET("/v1/clocks", { params: { query } }));
  const found: Record<string, number> = {};
  for (const { pause_reason: reason } of items) if (reason) found[reason] = (found[reason] ?? 0) + 1;
  return found;
}
