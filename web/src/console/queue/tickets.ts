import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { components as Intake } from "../../api/intake.gen";
import type { components as Sla } from "../../api/sla.gen";
import { body, intake, sla } from "../../lib/clients";
import { usePages } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";
import { byDeadline } from "../../lib/stage";
import type { Filters } from "./filters";

export type TicketItem = Intake["schemas"]["TicketItem"];
export type ClockItem = Sla["schemas"]["ClockItem"];

/** Tickets of one page: their clocks are asked for together, and the address of that request has all their ids. */
const PAGE = 50;

export function useTickets(filters: Filters) {
  return usePages(
    ["tickets", filters],
    (cursor) => body(intake.GET("/v1/tickets", { params: { query: asked(filters, cursor) } })),
    EVERY,
  );
}

/** The open clocks of these tickets by ticket, the nearest deadline first: one request for 50 tickets. */
export function useClocks(tickets: readonly TicketItem[]): ReadonlyMap<string, ClockItem[]> {
  const ids = tickets.map((ticket) => ticket.id);
  const { data } = useQuery({
    queryKey: ["clocks", ids],
    queryFn: () => Promise.all(portions(ids).map(openClocks)),
    enabled: ids.length > 0,
    placeholderData: (before) => before,
    refetchInterval: EVERY,
  });
  return useMemo(() => byTicket(data?.flat() ?? []), [data]);
}

async function openClocks(ids: string[]): Promise<ClockItem[]> {
  const found: ClockItem[] = [];
  let cursor: string | undefined;
  do {
    const query = {
      ticket_id: ids,
      status: ["running", "paused"] as ["running", "paused"],
      limit: 200,
      ...(cursor && { cursor }),
    };
    const page = await body(sla.GET("/v1/clocks", { params: { query } }));
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}

function asked(filters: Filters, cursor: string | undefined) {
  const { number, ...lists } = filters;
  return { ...lists, ...(number && { number: [number] }), limit: PAGE, ...(cursor && { cursor }) };
}

function portions(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, index) =>
    ids.slice(index * PAGE, (index + 1) * PAGE),
  );
}

function byTicket(clocks: readonly ClockItem[]): Map<string, ClockItem[]> {
  const found = new Map<string, ClockItem[]>();
  for (const clock of [...clocks].sort(byDeadline))
    found.set(clock.ticket_id, [...(found.get(clock.ticket_id) ?? []), clock]);
  return found;
}
