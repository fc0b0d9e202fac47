import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/sla.gen";
import { body, sla, tagged } from "../../lib/clients";
import { allOf } from "../../lib/pages";
import { isProblem } from "../../lib/problem";

type Schemas = components["schemas"];
export type Policy = Schemas["Policy"];
export type Target = Schemas["Target"];
export type Duration = Schemas["Duration"];
export type RuleItem = Schemas["RuleItem"];
export type RuleStatus = RuleItem["status"];
export type PolicyDetails = Schemas["PolicyDetails"];
export type SharedCalendar = Schemas["SharedCalendar"];
export type CalendarDetails = Schemas["CalendarDetails"];

/** Who has the rules; what they say everybody may read. */
export const MAY_SEE = ["manager", "director", "auditor"];
export const AUTHORS = ["manager", "director"];
export const DIRECTORS = ["director"];

/** A policy as it was read, and the ETag by which a command says so. */
export interface Read {
  policy: PolicyDetails;
  etag: string | null;
}

/** All of them, or those of one status. */
export function usePolicies(status?: RuleStatus) {
  return useQuery({
    queryKey: ["policies", "list", status ?? "all"],
    queryFn: () => allOf((cursor) => body(sla.GET("/v1/policies", { params: { query: pageOf(status, cursor) } }))),
  });
}

/** The calendars that policies share. */
export function useCalendars(status?: RuleStatus) {
  return useQuery({
    queryKey: ["policies", "calendars", status ?? "all"],
    queryFn: () => allOf((cursor) => body(sla.GET("/v1/calendars", { params: { query: pageOf(status, cursor) } }))),
  });
}

function pageOf(status: RuleStatus | undefined, cursor: string | undefined) {
  return { limit: 200, ...(status && { status: [status] }), ...(cursor && { cursor }) };
}

/** Null: nobody has written one of this id. */
export function usePolicy(id: string) {
  return useQuery({ queryKey: ["policies", "one", id], queryFn: () => orNull(readPolicy(id)) });
}

async function readPolicy(id: string): Promise<Read> {
  const [policy, etag] = await tagged(sla.GET("/v1/policies/{policy_id}", { params: { path: { policy_id: id } } }));
  return { policy: policy as PolicyDetails, etag }; // openapi-fetch reads pairs as lists
}

/** A shared calendar as it was read. */
export interface ReadCalendar {
  calendar: CalendarDetails;
  etag: string | null;
}

/** Null: as above. */
export function useCalendar(id: string) {
  return useQuery({ queryKey: ["policies", "calendar", id], queryFn: () => orNull(readCalendar(id)) });
}

async function readCalendar(id: string): Promise<ReadCalendar> {
  const path = { calendar_id: id };
  const [calendar, etag] = await tagged(sla.GET("/v1/calendars/{calendar_id}", { params: { path } }));
  return { calendar: calendar as CalendarDetails, etag }; // as above
}

async function orNull<Found>(read: Promise<Found>): Promise<Found | null> {
  try {
    return await read;
  } catch (error) {
    if (isProblem(error, "not-found")) return null;
    throw error;
  }
}

/** A published version, which never changes. */
export function useVersion(id: string, number: number | undefined) {
  return useQuery({
    queryKey: ["policies", "version", id, number],
    queryFn: async () => {
      const path = { policy_id: id, number: number as number };
      const found = await body(sla.GET("/v1/policies/{policy_id}/versions/{number}", { params: { path } }));
      return found as Schemas["PolicyVersion"]; // as above
    },
    enabled: number !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A year of a calendar, by its name as clocks say it. */
export function useYear(calendar: string, year: number) {
  return useQuery({
    queryKey: ["policies", "year", calendar, year],
    queryFn: () => body(sla.GET("/v1/calendar-years", { params: { query: { calendar, year } } })),
  });
}

/** A preset with its policy, to begin a draft with. */
export function usePreset(id: string | undefined) {
  return useQuery({
    queryKey: ["presets", id],
    queryFn: () => body(sla.GET("/v1/presets/{id}", { params: { path: { id: id as string } } })),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
