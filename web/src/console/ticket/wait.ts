import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, command, commandKey, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { useWhileShown } from "../../lib/useWhileShown";

type Wait = components["schemas"]["Wait"];

/** What the form asks for: the time as `datetime-local` has it, in the reader's zone. */
export interface Asked {
  waits_for: Wait["waits_for"];
  reason: string;
  look_again_at: string;
}

export function isWhole(asked: Partial<Asked> | undefined): asked is Asked {
  return Boolean(asked?.waits_for && asked.reason?.trim() && asked.look_again_at);
}

/** Says whom a ticket waits for. */
export function useWait(ticketId: string, onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const done = useWhileShown(onDone);
  const params = { path: { ticket_id: ticketId } };
  return useMutation({
    mutationFn: ({ look_again_at, ...asked }: Asked) => {
      const wait: Wait = { ...asked, look_again_at: new Date(look_again_at).toISOString() };
      return body(intake.POST("/v1/tickets/{ticket_id}/wait", { params, headers: command(keyOf(wait)), body: wait }));
    },
    onSuccess: done,
    onSettled: () => void queries.invalidateQueries(),
  });
}

/** Says that it waits for nobody any more. */
export function useGoOn(ticketId: string) {
  const queries = useQueryClient();
  const params = { path: { ticket_id: ticketId } };
  return useMutation({
    mutationFn: () => body(intake.POST("/v1/tickets/{ticket_id}/wait/end", { params, headers: command(commandKey()) })),
    onSettled: () => void queries.invalidateQueries(),
  });
}
