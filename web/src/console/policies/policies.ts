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
export type PolicyDetails = Schemas["PolicyDetails"];

/** Who has the rules; what they say everybody may read. */
export const MAY_SEE = ["manager", "director", "auditor"];
export const AUTHORS = ["manager", "director"];
export const DIRECTORS = ["director"];

/** A policy as it was read, and the ETag by which a command says so. */
export interface Read {
  policy: PolicyDetails;
  etag: string | null;
}

export function usePolicies() {
  return useQuery({
    queryKey: ["policies", "list"],
    queryFn: () =>
      allOf((cursor) =>
        body(sla.GET("/v1/policies", { params: { query: { limit: 200, ...(cursor && { cursor }) } } })),
      ),
  });
}

/** The calendars that policies share. */
export function useCalendars() {
  return useQuery({
    queryKey: ["policies", "calendars"],
    queryFn: () =>
      allOf((cursor) =>
        body(sla.GET("/v1/calendars", { params: { query: { limit: 200, ...(cursor && { cursor }) } } })),
      ),
  });
}

/** Null: nobody has written one of this id. */
export function usePolicy(id: string) {
  return useQuery({ queryKey: ["policies", "one", id], queryFn: () => readPolicy(id) });
}

async function readPolicy(id: string): Promise<Read | null> {
  try {
    const [policy, etag] = await tagged(sla.GET("/v1/policies/{policy_id}", { params: { path: { policy_id: id } } }));
    return { policy: policy as PolicyDetails, etag }; // openapi-fetch reads pairs as lists
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
