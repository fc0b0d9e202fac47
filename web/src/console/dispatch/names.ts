import { useQuery } from "@tanstack/react-query";
import { inPortions } from "../../lib/pages";
import { ticketsOf } from "../tickets";

/** A ticket as a visit's bar names it. */
export interface TicketName {
  number: string;
  /** Null where it was erased, or is not for this person. */
  customer: string | null;
}

export type TicketNames = ReadonlyMap<string, TicketName>;

const NONE: TicketNames = new Map();

/** What each ticket is called, by its id. */
export function useTicketNames(tickets: readonly string[]): TicketNames {
  const { data } = useQuery({
    queryKey: ["ticket-names", tickets],
    queryFn: ({ client, queryKey }) => {
      if (client.getQueryState(queryKey)?.isInvalidated) known.clear(); // a customer was erased, or may have been
      return readNames(tickets);
    },
    enabled: tickets.length > 0,
    placeholderData: (before) => before,
  });
  return data ?? NONE;
}

/** A name stays as it is until it is erased: each is asked for once. */
const known = new Map<string, TicketName>();

async function readNames(tickets: readonly string[]): Promise<TicketNames> {
  const missing = tickets.filter((id) => !known.has(id));
  for (const { id, number, customer } of await inPortions(missing, ticketsOf))
    known.set(id, { number, customer: customer?.name ?? null });
  return new Map(known);
}
