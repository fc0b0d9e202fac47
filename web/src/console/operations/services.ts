import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/sla.gen";
import { body, command, dispatch, intake, sla, survey, triage } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";

export type LaneRow = components["schemas"]["LaneRow"];
export type ParkedRow = components["schemas"]["ParkedRow"];

/** Every service has the same routes for its operators: one client's types stand for all. */
const CLIENTS = { intake, triage, dispatch, sla, survey } as unknown as Record<Service, typeof sla>;

export const SERVICES = ["intake", "triage", "dispatch", "sla", "survey"] as const;
export type Service = (typeof SERVICES)[number];

/** Parked messages that are shown, the oldest first; a retry takes along what waits behind them. */
const MOST = 100;

export interface Standing {
  lanes: LaneRow[];
  parked: ParkedRow[];
  /** Whether more are parked than are shown. */
  more: boolean;
}

/** How a service's lanes stand and what is parked there; each service by itself, for one may be out of reach. */
export function useStanding(service: Service) {
  return useQuery({
    queryKey: ["operations", service],
    queryFn: () => standing(service),
    refetchInterval: EVERY,
  });
}

async function standing(service: Service): Promise<Standing> {
  const client = CLIENTS[service];
  const [lanes, parked] = await Promise.all([
    body(client.GET("/v1/operations/lanes")),
    body(client.GET("/v1/operations/parked", { params: { query: { limit: MOST } } })),
  ]);
  return { lanes: lanes.items, parked: parked.items, more: parked.next_cursor !== null };
}

/** What an operator does: to a stopped lane, or to a parked message. */
export type Order =
  | { act: "resume"; service: Service; lane: LaneRow }
  | { act: "retry" | "discard"; service: Service; parked: ParkedRow };

/** Carries it out, with the operator's reason. */
export function carryOut(order: Order, reason: string, key: string): Promise<unknown> {
  const client = CLIENTS[order.service];
  const headers = command(key);
  if (order.act === "resume") {
    const { source, lane } = order.lane;
    const params = { path: { source, lane } };
    return body(
      client.POST("/v1/operations/lanes/{source}/{lane}/resume", { params, headers, body: { reason, after: null } }),
    );
  }
  const params = { path: { id: order.parked.id } };
  return order.act === "retry"
    ? body(client.POST("/v1/operations/parked/{id}/retry", { params, headers, body: { reason } }))
    : body(client.POST("/v1/operations/parked/{id}/discard", { params, headers, body: { reason } }));
}
