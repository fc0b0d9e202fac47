import { body, command, sla } from "../../lib/clients";
import type { Policy, Read, RuleItem, SharedCalendar } from "./policies";

/** Steps in the life of a policy or a calendar after its draft, as their routes are named. */
export type Step = "approval" | "publication" | "retirement";

/** A rule that a step is taken with, and the ETag by which the command says how it was read. */
export interface Standing {
  kind: "policy" | "calendar";
  rule: Pick<RuleItem, "id" | "status" | "in_force">;
  etag: string | null;
}

export function take({ kind, rule, etag }: Standing, step: Step, key: string): Promise<unknown> {
  const sent = { headers: command(key, etag), body: {} };
  return kind === "policy" ? takeWithPolicy(rule.id, step, sent) : takeWithCalendar(rule.id, step, sent);
}

interface Sent {
  headers: Record<string, string>;
  body: object;
}

function takeWithPolicy(policy_id: string, step: Step, sent: Sent): Promise<unknown> {
  const about = { params: { path: { policy_id } }, ...sent };
  switch (step) {
    case "approval":
      return body(sla.POST("/v1/policies/{policy_id}/approval", about));
    case "publication":
      return body(sla.POST("/v1/policies/{policy_id}/publication", about));
    case "retirement":
      return body(sla.POST("/v1/policies/{policy_id}/retirement", about));
  }
}

function takeWithCalendar(calendar_id: string, step: Step, sent: Sent): Promise<unknown> {
  const about = { params: { path: { calendar_id } }, ...sent };
  switch (step) {
    case "approval":
      return body(sla.POST("/v1/calendars/{calendar_id}/approval", about));
    case "publication":
      return body(sla.POST("/v1/calendars/{calendar_id}/publication", about));
    case "retirement":
      return body(sla.POST("/v1/calendars/{calendar_id}/retirement", about));
  }
}

/** A draft of the next version, or of a policy that nobody has written yet. */
export function draft(read: Read | null, document: Policy, key: string): Promise<unknown> {
  if (!read) return body(sla.POST("/v1/policies", { headers: command(key), body: { document } }));
  const params = { path: { policy_id: read.policy.id } };
  return body(
    sla.POST("/v1/policies/{policy_id}/draft", { params, headers: command(key, read.etag), body: { document } }),
  );
}

/** The same of a shared calendar; `etag` is undefined for one that nobody has written yet. */
export function draftCalendar(
  etag: string | null | undefined,
  document: SharedCalendar,
  key: string,
): Promise<unknown> {
  if (etag === undefined) return body(sla.POST("/v1/calendars", { headers: command(key), body: { document } }));
  const params = { path: { calendar_id: document.id } };
  return body(
    sla.POST("/v1/calendars/{calendar_id}/draft", { params, headers: command(key, etag), body: { document } }),
  );
}
