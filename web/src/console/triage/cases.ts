import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/triage.gen";
import { body, intake, triage } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { usePages } from "../../lib/usePages";
import { type Filters, phasesOf, statusesOf } from "./filters";

export type CaseItem = components["schemas"]["CaseItem"];

interface Page {
  items: CaseItem[];
  next_cursor: string | null;
}

const PAGE = 50;

export function useCases(filters: Filters) {
  const isByDeadline = filters.sort === "due_at";
  const read = isByDeadline ? pageByDeadline : pageOf;
  return usePages([isByDeadline ? "tickets" : "cases", filters], (cursor) => read(filters, cursor), EVERY);
}

/** How many cases there are by status, of the levels asked for; and by level, of the statuses asked for. */
export function useCaseCounts({ sort, ...filters }: Filters) {
  const levels = { level: filters.level?.map(Number) ?? [] };
  const statuses = { status: [...statusesOf(filters)] };
  return useQuery({
    queryKey: ["cases", "counts", filters],
    queryFn: async () => ({
      status: await countsBy({ ...levels, group_by: "status" }),
      level: await countsBy({ ...statuses, group_by: "level" }),
    }),
    placeholderData: (before) => before,
    refetchInterval: EVERY,
  }).data;
}

type CountQuery = { status?: CaseItem["status"][]; level?: number[]; group_by: "status" | "level" };

async function countsBy(query: CountQuery): Promise<Record<string, number>> {
  const { items } = await body(triage.GET("/v1/cases/counts", { params: { query } }));
  return Object.fromEntries(items.map(({ value, count }) => [value ?? "none", count]));
}

/** One page of the list; a cursor is the number of its phase and the service's own. A phase without rows is passed over. */
async function pageOf(filters: Filters, cursor: string | undefined): Promise<Page> {
  const phases = phasesOf(filters);
  const [number, after] = placeOf(cursor);
  const phase = phases[number];
  if (!phase) return { items: [], next_cursor: null };
  const query = { ...phase, level: filters.level?.map(Number) ?? [], limit: PAGE, ...(after && { cursor: after }) };
  const page = await body(triage.GET("/v1/cases", { params: { query } }));
  const next = nextOf(page, number, phases.length);
  return page.items.length === 0 && next ? pageOf(filters, next) : { items: page.items, next_cursor: next };
}

/** Tickets whose cases are still to be decided. */
const TO_DECIDE = ["open" as const, "in_triage" as const];

/** One page by deadline: clocks are not triage's, so intake's order is asked, and triage for its cases. A page without cases is passed over. */
async function pageByDeadline(filters: Filters, cursor: string | undefined): Promise<Page> {
  const query = { status: TO_DECIDE, sort: "due_at" as const, limit: PAGE, ...(cursor && { cursor }) };
  const { items: tickets, next_cursor } = await body(intake.GET("/v1/tickets", { params: { query } }));
  const cases = await casesOf(
    tickets.map(({ id }) => id),
    filters,
  );
  const items = tickets.flatMap(({ id }) => cases.get(id) ?? []);
  return items.length === 0 && next_cursor ? pageByDeadline(filters, next_cursor) : { items, next_cursor };
}

/** Of these tickets the cases that fit, by ticket. */
async function casesOf(tickets: string[], filters: Filters): Promise<ReadonlyMap<string, CaseItem>> {
  if (tickets.length === 0) return new Map();
  const fitting = { status: [...statusesOf(filters)], level: filters.level?.map(Number) ?? [] };
  const query = { ...fitting, ticket_id: tickets, limit: tickets.length };
  const { items } = await body(triage.GET("/v1/cases", { params: { query } }));
  return new Map(items.map((each) => [each.id, each]));
}

function nextOf(page: Page, phase: number, phases: number): string | null {
  if (page.next_cursor) return `${phase}:${page.next_cursor}`;
  return phase + 1 < phases ? `${phase + 1}:` : null;
}

function placeOf(cursor = "0:"): [number, string] {
  const cut = cursor.indexOf(":");
  return [Number(cursor.slice(0, cut)), cursor.slice(cut + 1)];
}
