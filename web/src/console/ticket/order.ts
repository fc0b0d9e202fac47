import { body, command, intake } from "../../lib/clients";
import type { Act } from "./acts";
import { ticketOf } from "./ticket";

export interface Order {
  act: Act;
  id: string;
  etag: string | null;
  /** What was typed: a reason, or a number. */
  words: string;
}

/** Carries the act out, as the same command however often it is sent with one key. */
export async function carryOut({ act, id, etag, words }: Order, key: string): Promise<unknown> {
  const params = { path: { ticket_id: id } };
  const headers = command(key, etag);
  if (act === "close") return body(intake.POST("/v1/tickets/{ticket_id}/closure", { params, headers }));
  if (act === "cancel") {
    const reason = words.trim() ? { reason: words } : null;
    return body(intake.POST("/v1/tickets/{ticket_id}/cancellation", { params, headers, body: reason }));
  }
  const of = await ticketOf(words.trim().toUpperCase());
  if (!of) throw new UnknownNumber();
  return body(intake.POST("/v1/tickets/{ticket_id}/duplicate", { params, headers, body: { of } }));
}

/** No ticket has the number that was typed. */
export class UnknownNumber extends Error {}
