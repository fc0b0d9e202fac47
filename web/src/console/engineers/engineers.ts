import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/dispatch.gen";
import { body, dispatch, tagged } from "../../lib/clients";
import { current } from "../../lib/now";
import { allOf } from "../../lib/pages";
import { EVERY } from "../../lib/refresh";

type Schemas = components["schemas"];
export type EngineerItem = Schemas["EngineerFile"];
export type Visit = Schemas["WorkOrderSheet"];

export const MAY_SEE = ["dispatcher", "manager"];

/** An engineer as it was read, and the ETag by which a command says so. */
export interface Read {
  engineer: EngineerItem;
  etag: string | null;
}

/** All of them: an organisation has hundreds. */
export function useEngineers() {
  return useQuery({
    queryKey: ["engineers", "list"],
    queryFn: () =>
      allOf((cursor) =>
        body(dispatch.GET("/v1/engineers", { params: { query: { limit: 200, ...(cursor && { cursor }) } } })),
      ),
    refetchInterval: EVERY,
  });
}

export function useEngineer(id: string) {
  return useQuery({ queryKey: ["engineers", "one", id], queryFn: () => readEngineer(id), refetchInterval: EVERY });
}

async function readEngineer(id: string): Promise<Read> {
  const params = { path: { engineer_id: id } };
  const [engineer, etag] = await tagged(dispatch.GET("/v1/engineers/{engineer_id}", { params }));
  return { engineer, etag };
}

/** Days that are looked ahead, today among them. */
export const AHEAD = 7;

/** The next days, as the department writes dates. */
function daysAhead(now: number): string[] {
  return Array.from({ length: AHEAD }, (_, day) => {
    const at = new Date(now);
    at.setDate(at.getDate() + day);
    const [month, date] = [at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0"));
    return `${at.getFullYear()}-${month}-${date}`;
  });
}

/** Visits to be made in the next days, by engineer. */
export function useLoad(): ReadonlyMap<string, number> {
  const { data } = useQuery({ queryKey: ["workload", "ahead"], queryFn: readLoad, refetchInterval: EVERY });
  return data ?? NO_LOAD;
}

const NO_LOAD: ReadonlyMap<string, number> = new Map();

async function readLoad(): Promise<Map<string, number>> {
  const day = daysAhead(current());
  const rows = await allOf((cursor) =>
    body(dispatch.GET("/v1/workload", { params: { query: { day, limit: 200, ...(cursor && { cursor }) } } })),
  );
  const load = new Map<string, number>();
  for (const { engineer_id, open } of rows) load.set(engineer_id, (load.get(engineer_id) ?? 0) + open);
  return load;
}

const OPEN = ["assigned" as const, "travelling" as const, "on_site" as const];

/** The visits that an engineer is to make, the earliest appointment first. */
export function useVisits(id: string) {
  const query = { engineer_id: [id], status: OPEN, sort: "appointment" as const, limit: 50 };
  return useQuery({
    queryKey: ["work-orders", "of", id],
    queryFn: () => body(dispatch.GET("/v1/work-orders", { params: { query } })),
    select: (page) => page.items,
    refetchInterval: EVERY,
  });
}
