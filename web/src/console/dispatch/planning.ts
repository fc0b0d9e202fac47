import { type QueryClient, useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { body, command, commandKey, dispatch, tagged } from "../../lib/clients";
import type { Board } from "./orders";
import { afterMove, type Done } from "./undo";
import type { Plan, WorkOrder } from "./visit";

/** A visit and where it goes; null: back to those that wait for an engineer. */
export interface Move {
  order: WorkOrder;
  plan: Plan | null;
  /** The move that this one takes back: only while nobody has changed the visit since. */
  undoes?: Done;
}

/** Whether moves are on their way. */
export function useIsMoving(): boolean {
  return useIsMutating({ mutationKey: ["move"] }) > 0;
}

/**
 * Plans a visit, or takes it from its engineer. The board shows it at once, and reads again how it is once the service
 * answered. One command after the other: a visit that is moved twice in a row is moved in that order.
 */
export function useMove(
  onDone: (move: Move, etag: string | null) => void,
  onRefused: (move: Move, error: Error) => void,
) {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: ["move"],
    scope: { id: "board" },
    mutationFn: carryOut,
    onSuccess: ([, etag], move) => onDone(move, etag),
    onError: (error, move) => {
      show(queries, move.order);
      onRefused(move, error);
    },
    onSettled: () => {
      if (queries.isMutating({ mutationKey: ["move"] }) === 1) return readAgain(queries);
    },
  });
  return useCallback(
    (move: Move) => {
      show(queries, afterMove(move));
      mutate(move);
    },
    [queries, mutate],
  );
}

/** What a plan would be answered: nothing while it could stand, and the refusal otherwise. Throws Refused. */
export function tryPlan(id: string, plan: Plan): Promise<unknown> {
  return body(dispatch.POST("/v1/work-orders/{work_order_id}/plan", sent(id, plan, true)));
}

/** The trial of a plan, for a form that is being filled in. */
export function useTrial(id: string, plan: Plan | null) {
  return useQuery({
    queryKey: ["work-order", id, "trial", plan],
    queryFn: () => tryPlan(id, plan as Plan),
    enabled: plan !== null,
    gcTime: 0,
    staleTime: 0,
  });
}

/** Who could go then, and why the others could not. */
export function useCandidates(id: string, start: number, minutes: number) {
  const at = Number.isNaN(start) ? null : new Date(start).toISOString();
  return useQuery({
    queryKey: ["engineers", "candidates", id, at, minutes],
    queryFn: () => {
      const params = { path: { work_order_id: id }, query: { start: at as string, minutes } };
      return body(dispatch.GET("/v1/work-orders/{work_order_id}/candidates", { params }));
    },
    enabled: at !== null,
    placeholderData: (before) => before,
  });
}

/** The answer, and the visit's ETag since. */
function carryOut({ order, plan, undoes }: Move) {
  const headers = command(commandKey(), undoes?.etag);
  if (plan) return tagged(dispatch.POST("/v1/work-orders/{work_order_id}/plan", sent(order.id, plan, false, headers)));
  const params = { path: { work_order_id: order.id } };
  return tagged(dispatch.POST("/v1/work-orders/{work_order_id}/unassignment", { params, headers }));
}

function sent(
  id: string,
  { engineerId, start, end, confirmed }: Plan,
  trial: boolean,
  headers = command(commandKey()),
) {
  const params = { path: { work_order_id: id }, query: { dry_run: trial } };
  const time = { start: new Date(start).toISOString(), end: new Date(end).toISOString(), confirmed };
  return { params, headers, body: { engineer_id: engineerId, ...time } };
}

/** Puts the visit on every board that was read, before anything else can ask for it; what is being read of before is dropped. */
function show(queries: QueryClient, order: WorkOrder): void {
  const boards = { queryKey: ["work-orders", "board"] };
  void queries.cancelQueries(boards);
  queries.setQueriesData<Board>(boards, (board) => board && { ...board, orders: put(board.orders, order) });
}

function put(orders: readonly WorkOrder[], order: WorkOrder): WorkOrder[] {
  const isKnown = orders.some(({ id }) => id === order.id);
  return isKnown ? orders.map((each) => (each.id === order.id ? order : each)) : [...orders, order];
}

async function readAgain(queries: QueryClient): Promise<void> {
  const words = ["work-orders", "work-order", "workload", "history"];
  await Promise.all(words.map((word) => queries.invalidateQueries({ queryKey: [word] })));
}
