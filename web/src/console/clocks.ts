import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { components } from "../api/sla.gen";
import { body, sla } from "../lib/clients";
import { inPortions } from "../lib/portions";
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

async function openClocks(ids: string[]): Promise<ClockItem[]> {
  const found: ClockItem[] = [];
  let cursor: string | undefined;
  do {
    const query = { ticket_id: ids, status: OPEN, limit: 200, ...(cursor && { cursor }) };
    const page = await body(sla.GET("/v1/clocks", { params: { query } }));
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}

function byTicket(clocks: readonly ClockItem[]): Map<string, ClockItem[]> {
  const found = new Map<string, ClockItem[]>();
  for (const clock of [...clocks].sort(byDeadline))
    found.set(clock.ticket_id, [...(found.get(clock.ticket_id) ?? []), clock]);
  return found;
}
