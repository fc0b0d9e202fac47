import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/sla.gen";
import { body, command, sla } from "../../lib/clients";
import { isProblem } from "../../lib/problem";
import type { Policy, SharedCalendar } from "./policies";
import { calendarIn, draftIn, hoursIn, nextOf, questionOf } from "./whatIf";

type Schemas = components["schemas"];
export type ReplayItem = Schemas["ReplayItem"];
export type Replay = Schemas["ReplayDetails"];
export type Result = Schemas["ResultItem"];
export type Explanation = Schemas["ExplanationItem"];

/** Milliseconds: a replay is no event that anybody is told of. */
const SOON = 1_000;
const SHOWN = 20;

/** The newest replays. */
export function useReplays() {
  return useQuery({
    queryKey: ["replays", "list"],
    queryFn: () => body(sla.GET("/v1/replays", { params: { query: { limit: SHOWN } } })),
    refetchInterval: ({ state }) => (state.data?.items.some(isGoingOn) ? SOON : false),
  });
}

export function useReplay(id: string) {
  return useQuery({
    queryKey: ["replays", "one", id],
    queryFn: () => body(sla.GET("/v1/replays/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data && isGoingOn(state.data) ? SOON : false),
  });
}

export function isGoingOn({ status }: Pick<ReplayItem, "status">): boolean {
  return status === "requested" || status === "running";
}

/** The id of the replay that answers. A draft is sent as it stands now: what was tried stays readable. */
export async function ask(rules: string, from: string, to: string, key: string): Promise<string> {
  const question = questionOf(await tried(rules), from, to);
  return (await body(sla.POST("/v1/replays", { headers: command(key), body: question }))).id;
}

async function tried(rules: string) {
  const [id, calendar] = [draftIn(rules), calendarIn(rules)];
  if (calendar !== null) return { calendars: { [calendar]: hoursIn(await drafted(calendar)) } };
  return { policy: id === null ? rules : await draftOf(id) };
}

/** A shared calendar's draft; without one what is in force of it. */
async function drafted(id: string): Promise<SharedCalendar> {
  const found = await body(sla.GET("/v1/calendars/{calendar_id}", { params: { path: { calendar_id: id } } }));
  return (found.draft ?? found.document) as SharedCalendar;
}

/** The document of a draft, with the number that it is published under; without one what is in force of it. */
async function draftOf(id: string): Promise<Policy> {
  const found = await body(sla.GET("/v1/policies/{policy_id}", { params: { path: { policy_id: id } } }));
  if (!found.draft) return found.document as Policy;
  const known = found.versions.map(({ number }) => number);
  return { ...(found.draft as Policy), version: nextOf([...known, Number(found.in_force?.split("/")[1] ?? 0)]) };
}

export function cancel(id: string, key: string): Promise<unknown> {
  return body(sla.POST("/v1/replays/{id}/cancellation", { params: { path: { id } }, headers: command(key), body: {} }));
}

/** One clock explained twice: as it stood when the replay was asked for, and as it would be. Null: there is none. */
export function useBothSides(replay: Replay, ticket: string, metric: string) {
  return useQuery({
    queryKey: ["replays", "sides", replay.id, ticket, metric],
    queryFn: async () => {
      const [was, wouldBe] = await Promise.all([recorded(replay, ticket, metric), replayed(replay, ticket, metric)]);
      return { was, wouldBe };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

async function recorded(replay: Replay, ticket: string, metric: string): Promise<Explanation | null> {
  const query = { ticket_id: [ticket], metric: [metric] };
  const [clock] = (await body(sla.GET("/v1/clocks", { params: { query } }))).items;
  if (!clock) return null;
  const params = { path: { id: clock.id }, query: { as_of: replay.as_of } };
  return found(body(sla.GET("/v1/clocks/{id}/explanation", { params })));
}

function replayed({ id }: Replay, ticket_id: string, metric: string): Promise<Explanation | null> {
  const params = { path: { id, ticket_id, metric } };
  return found(body(sla.GET("/v1/replays/{id}/tickets/{ticket_id}/clocks/{metric}", { params })));
}

async function found<Data>(answer: Promise<Data>): Promise<Data | null> {
  try {
    return await answer;
  } catch (error) {
    if (isProblem(error, "not-found")) return null;
    throw error;
  }
}
