import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import type { components } from "../../api/sla.gen";
import { body, command, dispatch, intake, sla, survey, triage } from "../../lib/clients";

export type LaneRow = components["schemas"]["LaneRow"];
export type PublishedLane = components["schemas"]["PublishedLane"];
export type ParkedRow = components["schemas"]["ParkedRow"];

/** Every service has the same routes for its operators: one client's types stand for all. */
const CLIENTS = { intake, triage, dispatch, sla, survey } as unknown as Record<Service, typeof sla>;

export const SERVICES = ["intake", "triage", "dispatch", "sla", "survey"] as const;
export type Service = (typeof SERVICES)[number];

/** Milliseconds: no stream tells how far a service is. */
const OFTEN = 10_000;

/** Parked messages that are shown, the oldest first; a retry takes along what waits behind them. */
const MOST = 100;

export interface Standing {
  lanes: LaneRow[];
  parked: ParkedRow[];
  /** Whether more are parked than are shown. */
  more: boolean;
  /** How far the service's own lanes are published. */
  published: PublishedLane[];
  version: string;
}

/** How a service's lanes stand and what is parked there; each service by itself, for one may be out of reach. */
export function useStanding(service: Service) {
  return useQuery(standingOf(service));
}

/** How far each service has published, as far as they are in reach. */
export function usePublished(): ReadonlyMap<string, readonly PublishedLane[]> {
  return useQueries({ queries: SERVICES.map(standingOf), combine: publishedOf });
}

function publishedOf(answers: readonly { data: Standing | undefined }[]) {
  return new Map(SERVICES.flatMap((service, at) => (answers[at]?.data ? [[service, answers[at].data.published]] : [])));
}

function standingOf(service: Service) {
  return queryOptions({
    queryKey: ["operations", service],
    queryFn: () => standing(service),
    refetchInterval: OFTEN,
  });
}

async function standing(service: Service): Promise<Standing> {
  const client = CLIENTS[service];
  const [lanes, parked] = await Promise.all([
    body(client.GET("/v1/operations/lanes")),
    body(client.GET("/v1/operations/parked", { params: { query: { limit: MOST } } })),
  ]);
  const { items, published, version } = lanes;
  return { lanes: items, published, version, parked: parked.items, more: parked.next_cursor !== null };
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
