import { useQuery } from "@tanstack/react-query";
import { body, dispatch } from "../../lib/clients";
import { allOf, inPortions } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";
import { ticketsOf } from "../tickets";
import { later, startOf } from "./day";
import type { Engineer, WorkOrder } from "./visit";

const PAGE = 200;
/** What is not over; a cancelled visit is on no board. */
const SHOWN = ["assigned", "travelling", "on_site", "completed", "failed", "accepted", "rejected"] as const;

/** What the board shows: the visits of the day, and what waits for an engineer or a time, whichever day it is. */
export interface Board {
  orders: WorkOrder[];
  /** Whether more wait than were read. */
  isCut: boolean;
}

export function useBoard(day: string) {
  return useQuery({
    queryKey: ["work-orders", "board", day],
    queryFn: () => readBoard(day),
    placeholderData: (before) => before,
    refetchInterval: EVERY,
  });
}

export function useEngineers() {
  return useQuery({
    queryKey: ["engineers", "all"],
    queryFn: () =>
      allOf<Engineer>((cursor) =>
        body(dispatch.GET("/v1/engineers", { params: { query: { limit: PAGE, ...(cursor && { cursor }) } } })),
      ),
  });
}

/** The number of each ticket, by its id. */
export function useNumbers(tickets: readonly string[]): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ["tickets", "numbers", tickets],
    queryFn: () => readNumbers(tickets),
    enabled: tickets.length > 0,
    placeholderData: (before) => before,
  });
  return data ?? NO_NUMBERS;
}

const NO_NUMBERS: ReadonlyMap<string, string> = new Map();

async function readBoard(day: string): Promise<Board> {
  const [visits, untimed, waiting] = await Promise.all([readVisits(day), readUntimed(), readWaiting()]);
  return { orders: [...visits, ...untimed, ...waiting.items], isCut: waiting.next_cursor !== null };
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

/** A ticket's number never changes: each is asked for once. */
const numbers = new Map<string, string>();

async function readNumbers(tickets: readonly string[]): Promise<Map<string, string>> {
  const missing = tickets.filter((id) => !numbers.has(id));
  for (const { id, number } of await inPortions(missing, ticketsOf)) numbers.set(id, number);
  return new Map(numbers);
}
