import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, dispatch, intake, tagged } from "../../lib/clients";
import { allOf } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";
import type { WorkOrder } from "./visit";

export type StoryItem = components["schemas"]["StoryItem"];

/** A work order as it was read, and the ETag by which a command says so. */
export interface Read {
  order: WorkOrder;
  etag: string | null;
}

export function useWorkOrder(id: string) {
  return useQuery({ queryKey: ["work-order", id], queryFn: () => readWorkOrder(id), refetchInterval: EVERY });
}

async function readWorkOrder(id: string): Promise<Read> {
  const params = { path: { work_order_id: id } };
  const [order, etag] = await tagged(dispatch.GET("/v1/work-orders/{work_order_id}", { params }));
  return { order, etag };
}

/** What happened to one visit, the earliest first. */
export function useVisitHistory(order: WorkOrder) {
  return useQuery({
    queryKey: ["history", order.ticket_id, "of", order.id],
    queryFn: () => readHistory(order),
    refetchInterval: EVERY,
  });
}

async function readHistory({ id, ticket_id }: WorkOrder): Promise<StoryItem[]> {
  const story = await allOf((cursor) => {
    const params = { path: { ticket_id }, query: { limit: 200, ...(cursor && { cursor }) } };
    return body(intake.GET("/v1/tickets/{ticket_id}/history", { params }));
  });
  return story.filter(({ fields }) => fields.work_order_id === id);
}

/** Whom the visit is for. Not read by itself: the service records every look. */
export function useContact(id: string) {
  return useMutation({
    mutationFn: () =>
      body(dispatch.GET("/v1/work-orders/{work_order_id}/contact", { params: { path: { work_order_id: id } } })),
  });
}

export function useEngineer(id: string | null) {
  return useQuery({
    queryKey: ["engineers", id],
    queryFn: () =>
      body(dispatch.GET("/v1/engineers/{engineer_id}", { params: { path: { engineer_id: id as string } } })),
    enabled: id !== null,
  });
}

/** Reads again what a step of a visit changes; waits for the work order alone, by whose ETag the next step goes. */
export function useReadAgain(): () => Promise<void> {
  const queries = useQueryClient();
  return () => {
    for (const word of ["work-orders", "workload", "history"]) void queries.invalidateQueries({ queryKey: [word] });
    return queries.invalidateQueries({ queryKey: ["work-order"] });
  };
}
