import { body, command, commandKey, intake } from "../../lib/clients";
import { isProblem } from "../../lib/problem";
import type { Act } from "./acts";
import { matters } from "./differences";
import { type Read, readTicket, ticketOf } from "./ticket";

interface Order {
  act: Act;
  id: string;
  etag: string | null;
  wish: Wish;
}

/** What was typed: a reason, and, to merge, the number of the ticket that goes on. */
export interface Wish {
  number: string;
  reason: string;
}

/** How often a ticket may go on by itself while a command is on its way. */
const MOVES = 3;

/**
 * Carries the act out on the ticket that was read. Where it has only gone on by itself since, as it does in its first
 * seconds, the act is about the same ticket still: it is sent again for what it is now. Anything else is told.
 */
export async function carryOut(act: Act, read: Read, wish: Wish, key: string, moves = MOVES): Promise<void> {
  try {
    await send({ act, id: read.ticket.id, etag: read.etag, wish }, key);
  } catch (error) {
    if (moves === 0 || !isProblem(error, "stale-version")) throw error;
    const now = await readTicket(read.ticket.id);
    if (matters(act, read.ticket, now.ticket)) throw error;
    await carryOut(act, now, wish, commandKey(), moves - 1);
  }
}

/** Sends it, as the same command however often it is sent with one key. */
async function send({ act, id, etag, wish }: Order, key: string): Promise<unknown> {
  const params = { path: { ticket_id: id } };
  const headers = command(key, etag);
  if (act === "close") return body(intake.POST("/v1/tickets/{ticket_id}/closure", { params, headers }));
  const why = wish.reason.trim() ? { reason: wish.reason } : null;
  if (act === "cancel")
    return body(intake.POST("/v1/tickets/{ticket_id}/cancellation", { params, headers, body: why }));
  const of = await ticketOf(wish.number.trim().toUpperCase());
  if (!of) throw new UnknownNumber();
  return body(intake.POST("/v1/tickets/{ticket_id}/duplicate", { params, headers, body: { of, ...why } }));
}

/** No ticket has the number that was typed. */
export class UnknownNumber extends Error {}
