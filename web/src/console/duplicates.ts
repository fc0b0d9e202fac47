import { useQuery } from "@tanstack/react-query";
import type { components, operations } from "../api/intake.gen";
import { body, intake } from "../lib/clients";
import { EVERY } from "../lib/refresh";

export type Candidate = components["schemas"]["Candidate"];
export type Matter = NonNullable<operations["list_alike_tickets"]["parameters"]["query"]>;

/** What was merged into the ticket, and the open tickets that may be about the same matter. */
export function useDuplicates(id: string) {
  const params = { path: { ticket_id: id } };
  return useQuery({
    queryKey: ["tickets", "duplicates", id],
    queryFn: () => body(intake.GET("/v1/tickets/{ticket_id}/duplicates", { params })),
    refetchInterval: EVERY,
  });
}

/** The open tickets that may be about what is being written down; null: nothing to look for yet. */
export function useCandidates(matter: Matter | null) {
  return useQuery({
    queryKey: ["tickets", "candidates", matter],
    queryFn: () => body(intake.GET("/v1/tickets/candidates", { params: { query: matter ?? {} } })),
    enabled: matter !== null,
  });
}
