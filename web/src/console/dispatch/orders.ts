import { queryOptions, useQuery } from "@tanstack/react-query";
import { body, dispatch } from "../../lib/clients";
import { current } from "../../lib/now";
import { allOf } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";
import { queries } from "../queries";
import { dayOf, later, startOf } from "./day";
import type { BoardSearch } from "./filters";
import { shownFrom } from "./span";
import type { Engineer, WorkOrder } from "./visit";

const PAGE = 200;
/** What is not over; a cancelled visit is on no board. */
const SHOWN = ["assigned", "travelling", "on_site", "completed", "failed", "accepted", "rejected"] as const;

/** What the board shows: the visits of its days, and what waits for an engineer or a time, whichever day it is. */
export interface Board {
  orders: WorkOrder[];
  /** Whether more wait than were read. */
  isCut: boolean;
}

export function useBoard(days: readonly string[]) {
  return useQuery({ ...boardOf(days), placeholderData: (before) => before, refetchInterval: EVERY });
}

export function useEngineers() {
  return useQuery(ENGINEERS);
}

/** The visit as the board has it by now: what a key meant stands here before it is rendered, and the next key may come before. */
export function newestOf(order: WorkOrder): WorkOrder {
  const boards = queries.getQueriesData<Board>({ queryKey: ["work-orders", "board"], type: "active" });
  return boards.flatMap(([, board]) => board?.orders ?? []).find(({ id }) => id === order.id) ?? order;
}

/** Begins to read what the board shows, before there is a board; what was read before, the board reads again itself. */
export function readAhead({ day, span }: BoardSearch): void {
  const { days } = shownFrom(day ?? dayOf(current()), span ?? "day");
  void queries.prefetchQuery({ ...boardOf(days), staleTime: "static" });
  void queries.prefetchQuery({ ...ENGINEERS, staleTime: "static" });
}

function boardOf(days: readonly string[]) {
  return queryOptions({ queryKey: ["work-orders", "board", ...days], queryFn: () => readBoard(days) });
}

const ENGINEERS = queryOptions({
  queryKey: ["engineers", "all"],
  queryFn: () =>
    allOf<Engineer>((cursor) =>
      body(dispatch.GET("/v1/engineers", { params: { query: { limit: PAGE, ...(cursor && { cursor }) } } })),
    ),
});

async function readBoard(days: readonly string[]): Promise<Board> {
  const [visits, untimed, waiting] = await Promise.all([readDays(days), readUntimed(), readWaiting()]);
  return { orders: [...visits, ...untimed, ...waiting.items], isCut: waiting.next_cursor !== null };
}

/** Each day's at once; a visit over midnight is of both days. */
async function readDays(days: readonly string[]): Promise<WorkOrder[]> {
  const found = (await Promise.all(days.map(readVisits))).flat();
  return [...new Map(found.map((order) => [order.id, order])).values()];
}

function readVisits(day: string): Promise<WorkOrder[]> {
  const [from, to] = [isoOf(startOf(day)), isoOf(startOf(later(day, 1)))];
  return allOf((cursor) => {
    const query = { from, to, unassigned: false, status: [...SHOWN], sort: "appointment" as const, limit: PAGE };
    return body(dispatch.GET("/v1/work-orders", { params: { query: { ...query, ...(cursor && { cursor }) } } }));
  });
}

/** Visits that somebody is to make at no time yet: in descending order they come first. */
async function readUntimed(): Promise<WorkOrder[]> {
  const query = { unassigned: false, status: ["assigned" as const], sort: "-appointment" as const, limit: PAGE };
  const page = await body(dispatch.GET("/v1/work-orders", { params: { query } }));
  return page.items.filter((order) => order.appointment === null);
}

function readWaiting() {
  const query = { unassigned: true, sort: "opened_at" as const, limit: PAGE };
  return body(dispatch.GET("/v1/work-orders", { params: { query } }));
}

const isoOf = (instant: number) => new Date(instant).toISOString();
