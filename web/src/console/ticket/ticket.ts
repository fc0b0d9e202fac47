import { useQuery } from "@tanstack/react-query";
import type { components as Intake } from "../../api/intake.gen";
import type { components as Sla } from "../../api/sla.gen";
import { body, intake, sla, tagged } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { byDeadline } from "../../lib/stage";

export type TicketDetails = Intake["schemas"]["TicketDetails"];
export type ClockItem = Sla["schemas"]["ListedClock"];

/** A ticket as it was read, and the ETag by which a command says so. */
export interface Read {
  ticket: TicketDetails;
  etag: string | null;
}

export function useTicket(id: string) {
  return useQuery({ queryKey: ["ticket", id], queryFn: () => readTicket(id), refetchInterval: EVERY });
}

export async function readTicket(id: string): Promise<Read> {
  const [ticket, etag] = await tagged(intake.GET("/v1/tickets/{ticket_id}", { params: { path: { ticket_id: id } } }));
  return { ticket, etag };
}

/** All clocks of the ticket, the nearest open deadline first. */
export function useTicketClocks(id: string) {
  return useQuery({
    queryKey: ["clocks", "of", id],
    queryFn: () => body(sla.GET("/v1/clocks", { params: { query: { ticket_id: [id], limit: 200 } } })),
    select: (page) => [...page.items].sort(byDeadline),
    refetchInterval: EVERY,
  });
}

/** The ticket that has this number, if any does. */
export async function ticketOf(number: string): Promise<string | undefined> {
  const page = await body(intake.GET("/v1/tickets", { params: { query: { number: [number], limit: 1 } } }));
  return page.items[0]?.id;
}
