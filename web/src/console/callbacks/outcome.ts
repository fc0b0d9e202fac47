import type { components } from "../../api/survey.gen";

export type CallOutcome = components["schemas"]["Attempt"]["outcome"];

/** What is said of a call. */
type Attempt =
  | { outcome: "reached"; score: number; comment?: string }
  | { outcome: "refused"; comment?: string }
  | { outcome: Exclude<CallOutcome, Final>; comment?: string; again_at?: string };

/** What the form asks for: the time as `datetime-local` has it, in the reader's zone. */
export interface Values {
  outcome: CallOutcome;
  score?: number;
  comment?: string;
  again_at?: string;
}

/** After these nobody calls again. */
type Final = "reached" | "refused";

export function isFinal(outcome: CallOutcome): outcome is Final {
  return outcome === "reached" || outcome === "refused";
}

/** The form as the service takes it: a score of who was reached, a time of who is called again. */
export function attemptOf({ outcome, score, comment, again_at }: Values): Attempt {
  const note = comment?.trim() ? { comment } : {};
  if (outcome === "reached") return { outcome, score: Number(score), ...note };
  if (isFinal(outcome)) return { outcome, ...note };
  return { outcome, ...note, ...(again_at && { again_at: new Date(again_at).toISOString() }) };
}
