import type { components } from "../api/intake.gen";
import { body, intake } from "../lib/clients";
import { EVERY } from "../lib/refresh";
import { usePages } from "../lib/usePages";

export type StoryItem = components["schemas"]["StoryItem"];

/** What happened to the ticket in all services, the earliest first. */
export function useHistory(id: string) {
  return usePages(
    ["history", id],
    (cursor) => {
      const query = { limit: 200, ...(cursor && { cursor }) };
      return body(intake.GET("/v1/tickets/{ticket_id}/history", { params: { path: { ticket_id: id }, query } }));
    },
    EVERY,
  );
}
