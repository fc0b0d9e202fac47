import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { components } from "../api/sla.gen";
import { body, sla } from "../lib/clients";
import { allOf, inPortions } from "../lib/pages";
import { EVERY } from "../lib/refresh";
import { byDeadline } from "../lib/stage";

export type ClockItem = components["schemas"]["ListedClock"];

const OPEN: ("running" | "paused")[] = ["running", "paused"];

/** The open clocks of these tickets by ticket, the nearest deadline first. */
export function useOpenClocks(tickets: readonly string[]): ReadonlyMap<string, ClockItem[]> {
  const { data } = useQuery({
    queryKey: ["clocks", "open of", tickets],
    queryFn: () => inPortions(tickets, openClocks),
    enabled: tickets.length > 0,
    placeholderData: (before) => before,
    refetchInterval: EVERY,
  });
  return useMemo(() => byTicket(data ?? []), [data]);
}

/** Of each of these tickets the open clock that is due first. */
export function useNearest(tickets: readonly string[]): ReadonlyMap<string, ClockItem> {
  const clocks = useOpenClocks(tickets);
  return useMemo(() => new Map([...clocks].flatMap(([id, [first]]) => (first ? [[id, first]] : []))), [clocks]);
}

function openClocks(ids: string[]): Promise<ClockItem[]> {
  const query = { ticket_id: ids, status: OPEN, limit: 200 };
  return allOf((cursor) => body(sla.GET("/v1/clocks", { params: { query: { ...query, ...(cursor && { cursor }) } } })));
}

function byTicket(clocks: readonly ClockItem[]): Map<string, ClockItem[]> {
  const found = new Map<string, ClockItem[]>();
  for (const clock of [...clocks].sort(byDeadline))
    found.set(clock.ticket_id, [...(found.get(clock.ticket_id) ?? []), clock]);
  return found;
}
