import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { components } from "../api/intake.gen";
import { body, intake } from "../lib/clients";
import { inPortions } from "../lib/pages";

export type TicketItem = components["schemas"]["QueueItem"];

/** These tickets by id, for lists of what is about tickets. */
export function useTicketsById(ids: readonly string[]): ReadonlyMap<string, TicketItem> {
  const { data } = useQuery({
    queryKey: ["tickets", "by id", ids],
    queryFn: () => inPortions(ids, ticketsOf),
    enabled: ids.length > 0,
    placeholderData: (before) => before,
  });
  return useMemo(() => new Map(data?.map((ticket) => [ticket.id, ticket])), [data]);
}

/** As many as one request takes. */
export async function ticketsOf(ids: string[]): Promise<TicketItem[]> {
  return (await body(intake.GET("/v1/tickets", { params: { query: { id: ids, limit: ids.length } } }))).items;
}
