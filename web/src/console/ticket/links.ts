import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, command, dispatch, intake, survey } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { EVERY } from "../../lib/refresh";

export type LinkItem = components["schemas"]["LinkItem"];

/** What a link is made for; `object_id` is the work order whose time or repair is answered, or the callback that a rating completes. */
type Wish = { purpose: "progress" } | { purpose: "appointment" | "acceptance" | "rating"; object_id: string };

/** The links of a ticket, newest first. */
export function useLinks(ticketId: string) {
  const query = { ticket_id: [ticketId], limit: 50 };
  return useQuery({
    queryKey: ["links", ticketId],
    queryFn: () => body(intake.GET("/v1/links", { params: { query } })),
    select: (page) => page.items,
    refetchInterval: EVERY,
  });
}

/** The callback of the ticket that nobody has answered yet, if there is one. */
export function useOpenCallback(ticketId: string) {
  const query = { ticket_id: [ticketId], status: ["scheduled" as const], limit: 1 };
  return useQuery({
    queryKey: ["callbacks", "open", ticketId],
    queryFn: () => body(survey.GET("/v1/callbacks", { params: { query } })),
    select: (page) => page.items[0],
    refetchInterval: EVERY,
  });
}

/** The visit of the ticket that has a time and whose engineer has not set out, if there is one. */
export function usePlannedVisit(ticketId: string) {
  const query = { ticket_id: [ticketId], status: ["created" as const, "assigned" as const], limit: 50 };
  return useQuery({
    queryKey: ["work-orders", "planned", ticketId],
    queryFn: () => body(dispatch.GET("/v1/work-orders", { params: { query } })),
    select: (page) => page.items.find((order) => order.appointment),
    refetchInterval: EVERY,
  });
}

/** The visit of the ticket that the customer has not judged yet, if there is one. */
export function useCompletedVisit(ticketId: string) {
  const query = { ticket_id: [ticketId], status: ["completed" as const], limit: 1 };
  return useQuery({
    queryKey: ["work-orders", "completed", ticketId],
    queryFn: () => body(dispatch.GET("/v1/work-orders", { params: { query } })),
    select: (page) => page.items[0],
    refetchInterval: EVERY,
  });
}

/** Makes a link. Its address is in this one answer, and null in the answer of a repetition. */
export function useIssue(ticketId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ wish, key }: { wish: Wish; key: string }) => {
      const form = { ticket_id: ticketId, days: 14, ...wish };
      const issued = await body(intake.POST("/v1/links", { headers: command(key), body: form }));
      return issued.token === null ? null : addressOf(issued.token);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["links", ticketId] }),
  });
}

/** Takes a link back. */
export function useRevoke(ticketId: string) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { link_id: id } };
      return body(intake.POST("/v1/links/{link_id}/revocation", { params, headers: command(keyOf(id)) }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["links", ticketId] }),
  });
}

function addressOf(token: string): string {
  return new URL(`/links/${token}`, location.href).href;
}
