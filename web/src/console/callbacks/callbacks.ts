import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/survey.gen";
import { body, intake, survey } from "../../lib/clients";
import { current } from "../../lib/now";
import type { Page } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";
import { usePages } from "../../lib/usePages";
import { askedFor, type Filters, VIEWS, type View, viewOf } from "./filters";

export type CallbackItem = components["schemas"]["CallbackSheet"];

const PAGE = 50;
/** As many as one request takes. */
const MOST = 200;
/** A call becomes due by itself, and nobody tells. */
const MINUTE = 60_000;

const often = () => EVERY() || MINUTE;

export function useCallbacks(filters: Filters) {
  return usePages(["callbacks", "list", filters], (cursor) => pageOf(filters, cursor), often);
}

/** How many callbacks each view has. */
export function useViewCounts({ owner }: Filters): Partial<Record<View, number>> {
  const { data } = useQuery({
    queryKey: ["callbacks", "counts", owner ?? "all"],
    queryFn: () => countsOf(owner),
    placeholderData: (before) => before,
    refetchInterval: often,
  });
  return data ?? {};
}

/** One page of a view. A cursor is the moment of the first page, by which all pages are asked, and the service's own. */
async function pageOf(filters: Filters, cursor: string | undefined): Promise<Page<CallbackItem>> {
  const [at, after] = placeOf(cursor);
  const view = viewOf(filters);
  const sort = view === "done" || view === "all" ? ("-opened_at" as const) : ("due_at" as const);
  const of = await ticketsOf(filters.owner);
  if (of?.length === 0) return { items: [], next_cursor: null };
  const some = of ? { ticket_id: of, limit: MOST } : { limit: PAGE, ...(after && { cursor: after }) };
  const query = { ...askedFor(view, at), sort, ...some };
  const { items, next_cursor } = await body(survey.GET("/v1/callbacks", { params: { query } }));
  return { items, next_cursor: next_cursor && !of ? `${at}:${next_cursor}` : null };
}

async function countsOf(owner: Filters["owner"]): Promise<Record<View, number>> {
  const of = await ticketsOf(owner);
  const now = current();
  const counts = await Promise.all(VIEWS.map((view) => countOf(view, now, of)));
  return Object.fromEntries(VIEWS.map((view, index) => [view, counts[index]])) as Record<View, number>;
}

async function countOf(view: View, now: number, of: string[] | undefined): Promise<number> {
  if (of?.length === 0) return 0;
  const query = { ...askedFor(view, now), ...(of && { ticket_id: of }), group_by: "status" as const };
  return (await body(survey.GET("/v1/callbacks/counts", { params: { query } }))).total;
}

/** Of the reader's own tickets those whose repair is accepted, the earliest 50: their address has all ids. Undefined: any. */
async function ticketsOf(owner: Filters["owner"]): Promise<string[] | undefined> {
  if (!owner) return undefined;
  const query = { owner_id: [owner], status: ["accepted" as const], sort: "opened_at" as const, limit: PAGE };
  return (await body(intake.GET("/v1/tickets", { params: { query } }))).items.map(({ id }) => id);
}

function placeOf(cursor: string | undefined): [number, string] {
  if (!cursor) return [current(), ""];
  const cut = cursor.indexOf(":");
  return [Number(cursor.slice(0, cut)), cursor.slice(cut + 1)];
}
