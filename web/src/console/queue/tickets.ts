import { useQueries, useQuery } from "@tanstack/react-query";
import type { components as Intake } from "../../api/intake.gen";
import { body, dispatch, intake } from "../../lib/clients";
import type { Page } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";
import { pagesOf, usePages } from "../../lib/usePages";
import { queries } from "../queries";
import { askedFor, type Filters, type Stage, VIEWS, type View } from "./filters";

export type QueueItem = Intake["schemas"]["QueueItem"];

const PAGE = 50;
/** Milliseconds for which the engineers' names are not asked for again. */
const SELDOM = 600_000;

/** The tickets that fit. Where there are more, `onEnd` reads on, or `goOn`, which waits for a hand. */
export function useTickets(filters: Filters) {
  const tickets = usePages(...listOf(filters), EVERY);
  const more = tickets.hasNextPage ? () => void tickets.fetchNextPage() : undefined;
  const isShort = goesOnShort(tickets.data?.pages);
  return { ...tickets, onEnd: isShort ? undefined : more, goOn: isShort ? more : undefined };
}

/** Begins to read what the queue shows, before there is a queue; what was read before, the queue reads again itself. */
export function readAhead(filters: Filters): void {
  void queries.prefetchInfiniteQuery({ ...pagesOf(...listOf(filters)), staleTime: "static" });
}

function listOf(filters: Filters) {
  return [["tickets", filters], (place: string | undefined) => pageOf(filters, place)] as const;
}

/** One page of the list; a place is when its first page was asked for, and the service's cursor: of filters at that time. */
export async function pageOf(filters: Filters, place: string | undefined): Promise<Page<QueueItem>> {
  const [begun, cursor] = place?.split(" ") ?? [String(Date.now())];
  const query = { ...askedFor(filters, Number(begun)), sort: filters.sort ?? "-opened_at", limit: PAGE };
  const page = await body(intake.GET("/v1/tickets", { params: { query: { ...query, ...(cursor && { cursor }) } } }));
  return { ...page, next_cursor: page.next_cursor && `${begun} ${page.next_cursor}` };
}

/** Whether the last page ended before it was full: so many tickets were looked through for common words, and older ones wait to be asked for. */
export function goesOnShort(pages: readonly Page<QueueItem>[] | undefined): boolean {
  const last = pages?.at(-1);
  return Boolean(last?.next_cursor) && (last?.items.length ?? 0) < PAGE;
}

/** How many tickets each view has; none while it is not known. */
export function useViewCounts(): Partial<Record<View, number>> {
  const names = Object.keys(VIEWS) as View[];
  const counted = useQueries({ queries: names.map((name) => counts(VIEWS[name])) });
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const total = counted[index]?.data?.total;
      return total === undefined ? [] : [[name, total]];
    }),
  );
}

/** How many of the tickets that fit are at a stage, at least; the stages that are chosen already leave the others in. */
export function useStageCounts({ stage, ...filters }: Filters): (stage: Stage) => string {
  const { data } = useQuery({ ...counts(filters), placeholderData: (before) => before });
  const counted = new Map(data?.items.map(({ value, count }) => [value, count]));
  return (wanted) => `${counted.get(wanted) ?? 0}${data?.complete === false ? "+" : ""}`;
}

function counts({ sort, ...filters }: Filters) {
  return {
    queryKey: ["tickets", "counts", filters],
    queryFn: () => {
      const query = { ...askedFor(filters, Date.now()), group_by: "stage" as const };
      return body(intake.GET("/v1/tickets/counts", { params: { query } }));
    },
    refetchInterval: EVERY,
  };
}

/** Engineers' names by id, as far as they are on the first page of the list. */
export function useEngineerNames(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ["engineers", "names"],
    queryFn: () => body(dispatch.GET("/v1/engineers", { params: { query: { limit: 200 } } })),
    select: namesOf,
    staleTime: SELDOM,
  });
  return data ?? NOBODY;
}

const NOBODY: ReadonlyMap<string, string> = new Map();

function namesOf({ items }: { items: { id: string; name: string | null }[] }): ReadonlyMap<string, string> {
  return new Map(items.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
}
