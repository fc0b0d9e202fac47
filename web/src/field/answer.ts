import type { Problem } from "../lib/problem";

/**
 * What becomes of a command: `done` leaves the log, `refused` stops its lane until somebody decides. The others stay and
 * are sent again; until then `later` holds up its lane, and `wait` all lanes.
 */
export type Outcome = "done" | "refused" | "later" | "wait";

/** Nobody there, nobody signed in, or too much at once: the next command would fare no better. */
const ALL_WAIT = [0, 401, 429, 503];
/** Too slow, changed meanwhile, too early: nothing that a rule says. */
const AGAIN = [408, 412, 425];

/** Null: it was carried out, now or before. */
export function outcomeOf(problem: Problem | null): Outcome {
  if (problem === null) return "done";
  const { status, code } = problem;
  if (ALL_WAIT.includes(status)) return "wait";
  if (status === 403 && code !== "not-your-visit") return "wait";
  if (status >= 500 || AGAIN.includes(status)) return "later";
  return OF_NO_RULE.includes(code) ? "later" : "refused";
}

/** The same command is under way, or something between us and the service answered. */
const OF_NO_RULE = ["idempotency-key-in-flight", "no-problem-told"];
