import { body, command, commandKey, intake } from "../../lib/clients";
import { isProblem } from "../../lib/problem";
import type { Act } from "./acts";
import { matters } from "./differences";
import { type Read, readTicket, ticketOf } from "./ticket";

interface Order {
  act: Act;
  id: string;
  etag: string | null;
  /** What was typed: a reason, or a number. */
  words: string;
}

/** How often a ticket may go on by itself while a command is on its way. */
const MOVES = 3;

/**
 * Carries the act out on the ticket that was read. Where it has only gone on by itself since, as it does in its first
 * seconds, the act is about the same ticket still: it is sent again for what it is now. Anything else is told.
 */
export async function carryOut(act: Act, read: Read, words: string, key: string, moves = MOVES): Promise<void> {
  try {
    await send({ act, id: read.ticket.id, etag: read.etag, words }, key);
  } catch (error) {
    if (moves === 0 || !isProblem(error, "stale-version")) throw error;
    const now = await readTicket(read.ticket.id);
    if (matters(act, read.ticket, now.ticket)) throw error;
    await carryOut(act, now, words, commandKey(), moves - 1);
  }
}

/** Sends it, as the same command however often it is sent with one key. */
async function send({ act, id, etag, words }: Order, key: string): Promise<unknown> {
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
