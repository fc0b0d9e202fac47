import { lazy } from "react";
import type { VisitStep } from "../lib/visitSteps";

/** Steps that are said in words, and the words that they ask for. */
export const FIELD = {
  decline: "note",
  "customer-call": "note",
  pause: "note",
  failure: "note",
  completion: "result",
  rejection: "reasons",
} as const;

export type WordedStep = keyof typeof FIELD;

export function isWorded(step: VisitStep | null): step is WordedStep {
  return step !== null && step in FIELD;
}

/** The page does not wait for it; it is there before a network can go, and stays although a new release comes. */
const form = import("./WordsForm");
export const WordsForm = lazy(() => form.then((found) => ({ default: found.WordsForm })));
