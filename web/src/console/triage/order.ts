import type { components } from "../../api/triage.gen";
import { body, command, triage } from "../../lib/clients";
import type { Act } from "./acts";
import type { Read } from "./case";

type Schemas = components["schemas"];

/** What the forms of all acts ask for; each act has those of its own. */
export interface Values {
  level: number;
  maintenance_type: Schemas["Classification"]["maintenance_type"];
  outcome: "succeeded" | "failed";
  note?: string;
  cause: Schemas["Finding"]["cause"];
  explanation: string;
  job_type: Schemas["Authorisation"]["job_type"];
  skills: string[];
}

/** Carries the act out, as the same command however often it is sent with one key. */
export function carryOut(act: Act, { found, etag }: Read, values: Values, key: string): Promise<unknown> {
  const about = { params: { path: { ticket_id: found.id } }, headers: command(key, etag) };
  const { level, maintenance_type, cause, explanation, job_type, skills } = values;
  const note = values.note?.trim() ? { note: values.note } : {};
  switch (act) {
    case "classify":
      return body(triage.POST("/v1/cases/{ticket_id}/classification", { ...about, body: { level, maintenance_type } }));
    case "startRemote":
      return body(
        triage.POST("/v1/cases/{ticket_id}/remote-support", { ...about, body: { outcome: "started", ...note } }),
      );
    case "endRemote":
      return body(
        triage.POST("/v1/cases/{ticket_id}/remote-support", { ...about, body: { outcome: values.outcome, ...note } }),
      );
    case "findCause":
      return body(triage.POST("/v1/cases/{ticket_id}/cause", { ...about, body: { cause, explanation } }));
    case "authorise":
      return body(
        triage.POST("/v1/cases/{ticket_id}/authorisation", { ...about, body: { job_type, payable: false, skills } }),
      );
  }
}
