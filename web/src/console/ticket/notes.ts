import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { body, command, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { EVERY } from "../../lib/refresh";

/** What becomes of words that were typed: a note among colleagues, what the customer was told, or the answer that closes the ticket. */
export type Use = "internal" | "customer" | "answer";

/** The notes on a ticket, newest first. */
export function useNotes(id: string) {
  const params = { path: { ticket_id: id } };
  return useQuery({
    queryKey: ["ticket", id, "notes"],
    queryFn: () => body(intake.GET("/v1/tickets/{ticket_id}/notes", { params })),
    select: (notes) => notes.items,
    refetchInterval: EVERY,
  });
}

/** What is being written; `nth` tells it from the same words written before. */
export interface Written {
  text: string;
  nth: number;
}

/** Writes a note, or closes the ticket by an answer: once, however often it is sent as it was rendered. */
export function useWrite(id: string, onDone: (written: Written) => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const params = { path: { ticket_id: id } };
  return useMutation({
    mutationFn: ({ use, ...written }: Written & { use: Use }): Promise<unknown> => {
      const headers = command(keyOf({ use, ...written }));
      const { text } = written;
      if (use === "answer")
        return body(intake.POST("/v1/tickets/{ticket_id}/settlement", { params, headers, body: { answer: text } }));
      return body(intake.POST("/v1/tickets/{ticket_id}/notes", { params, headers, body: { text, audience: use } }));
    },
    onSuccess: (_answer, { text, nth }) => onDone({ text, nth }),
    onSettled: () => void queries.invalidateQueries(),
  });
}
