import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, intake } from "../../lib/clients";
import { BLANK, onFile, type Values } from "./form";

type Ticket = components["schemas"]["TicketDetails"];

/** The ticket that a new one is to follow. */
export function useFollowed(id: string | undefined) {
  return useQuery({
    queryKey: ["ticket", id, "followed"],
    queryFn: () => body(intake.GET("/v1/tickets/{ticket_id}", { params: { path: { ticket_id: id ?? "" } } })),
    enabled: id !== undefined,
  });
}

/** The form of a ticket that follows another: who and what is known, what is the matter is told anew. */
export function following(ticket: Ticket): Values {
  const { id, kind, urgency, region, contract, asset_id, customer } = ticket;
  const known = customer ? onFile(customer) : {};
  const said = { region: region ?? "", contract: contract ?? "", asset_id: asset_id ?? "" };
  return { ...BLANK, ...known, ...said, kind, urgency, follows: customer ? id : "" };
}
