import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { body, command, commandKey, intake } from "../../lib/clients";
import { isProblem } from "../../lib/problem";
import { makeOwner, readAgain } from "../owner";
import type { QueueItem } from "./tickets";

/** How it went with one of the tickets; null: it is done. */
export interface Result {
  ticket: QueueItem;
  error: Error | null;
}

/** To give them to an owner, `me` or a pseudonym; or to close them. */
export type BulkAct = { owner: string } | "close";

interface Wish {
  tickets: readonly QueueItem[];
  act: BulkAct;
}

/**
 * Does one thing to several tickets, one after the other: a command each, and a result each. A command that
 * nobody answered keeps its key, so that it is the same one when the person tries again.
 */
export function useBulk(onEnd: (results: readonly Result[]) => void) {
  const queries = useQueryClient();
  const unanswered = useRef(new Map<string, string>());
  const [results, setResults] = useState<readonly Result[]>([]);
  const run = useMutation({
    mutationFn: async ({ tickets, act }: Wish) => {
      const found: Result[] = [];
      for (const ticket of tickets) {
        found.push({ ticket, error: await carryOut(ticket, act, unanswered.current) });
        setResults([...found]);
      }
      return found;
    },
    onMutate: () => setResults([]),
    onSuccess: onEnd,
    onSettled: (_, __, { tickets }) => readAgain(queries, tickets),
  });
  return {
    run: run.mutate,
    isRunning: run.isPending,
    of: run.variables?.tickets.length ?? 0,
    results,
    error: run.error,
  };
}

/** Why it is not done; null: it is. Throws where nothing more can be done. */
async function carryOut(ticket: QueueItem, act: BulkAct, unanswered: Map<string, string>): Promise<Error | null> {
  const wish = `${ticket.id} ${JSON.stringify(act)}`;
  const key = unanswered.get(wish) ?? commandKey();
  unanswered.set(wish, key);
  try {
    await (act === "close" ? close(ticket, key) : makeOwner({ ticket, owner: act.owner }, key));
  } catch (error) {
    if (!(error instanceof Error) || isProblem(error, "not-signed-in")) throw error;
    if (!isProblem(error, "unreachable")) unanswered.delete(wish);
    return error;
  }
  unanswered.delete(wish);
  return null;
}

/** Whether it may be closed, the service says. */
function close({ id }: QueueItem, key: string): Promise<unknown> {
  const sent = { params: { path: { ticket_id: id } }, headers: command(key) };
  return body(intake.POST("/v1/tickets/{ticket_id}/closure", sent));
}
