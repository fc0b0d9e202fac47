import { label, type Vocabulary } from "./labels";

/** Codes in an event's fields, by their vocabulary. A field that is not named here is an id, or says nothing to a person. */
const CODES: Record<string, Vocabulary> = {
  status: "ticket_status",
  channel: "channel",
  kind: "ticket_kind",
  job_type: "job_type",
  urgency: "urgency",
  verdict: "verdict",
  metric: "metric",
  cause: "cause",
  maintenance_type: "maintenance_type",
  outcome: "call_outcome",
  no_deadline: "no_deadline",
  next_step: "next_step",
  waits_for: "waits_for",
};
/** Whose reasons they are. */
const REASONS: Record<string, Vocabulary> = {
  "dispatch.AssignmentDeclined": "decline_reason",
  "dispatch.VisitFailed": "failure_reason",
};
const ON_VISIT = ["reason", "next_step", "outcome"];

/** The vocabulary of a code in an event's field. */
export function vocabularyOf(type: string, name: string): Vocabulary | undefined {
  return name === "reason" ? (REASONS[type] ?? "pause_reason") : CODES[name];
}

/** What a step of a visit says in codes. */
export function codesOf({ type, fields }: { type: string; fields: Record<string, unknown> }): string[] {
  return ON_VISIT.flatMap((name) => {
    const vocabulary = vocabularyOf(type, name);
    const code = fields[name];
    return vocabulary && typeof code === "string" ? [label(vocabulary, code)] : [];
  });
}
