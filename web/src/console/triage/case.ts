import { useQuery } from "@tanstack/react-query";
import type { components as Dispatch } from "../../api/dispatch.gen";
import type { components as Intake } from "../../api/intake.gen";
import type { components as Triage } from "../../api/triage.gen";
import { body, dispatch, intake, tagged, triage } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";

export type CaseDetails = Triage["schemas"]["CaseDetails"];
export type TicketDetails = Intake["schemas"]["TicketDetails"];

/** A case as it was read, and the ETag by which a command says so. */
export interface Read {
  found: CaseDetails;
  etag: string | null;
}

export function useCase(id: string) {
  return useQuery({ queryKey: ["case", id], queryFn: () => readCase(id), refetchInterval: EVERY });
}

async function readCase(id: string): Promise<Read> {
  const [found, etag] = await tagged(triage.GET("/v1/cases/{ticket_id}", { params: { path: { ticket_id: id } } }));
  return { found, etag };
}

/** What the customer said, as intake has it. */
export function useTicketOf(id: string) {
  return useQuery({
    queryKey: ["ticket", id, "details"],
    queryFn: () => body(intake.GET("/v1/tickets/{ticket_id}", { params: { path: { ticket_id: id } } })),
    refetchInterval: EVERY,
  });
}

/** The skills that some engineer has: work that needs another could not be planned. */
export function useSkills() {
  return useQuery({
    queryKey: ["engineers", "skills"],
    queryFn: async () =>
      skillsOf((await body(dispatch.GET("/v1/engineers", { params: { query: { limit: 200 } } }))).items),
  });
}

function skillsOf(engineers: readonly Dispatch["schemas"]["EngineerFile"][]): string[] {
  return [...new Set(engineers.flatMap((engineer) => engineer.skills))].sort();
}
