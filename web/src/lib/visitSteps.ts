import type { components } from "../api/dispatch.gen";

type Forms = components["schemas"];

/** What a step says beside when it happened, by the step as its route is named. */
interface Bodies {
  confirmation: Forms["Confirmation"];
  decline: Forms["Decline"];
  "customer-call": Forms["CustomerCall"];
  departure: Forms["Departure"];
  arrival: Forms["Arrival"];
  conduct: Forms["ConductCheck"];
  pause: Forms["NewPause"];
  resumption: Forms["Resumption"];
  completion: Forms["Completion"];
  failure: Forms["Failure"];
  acceptance: Forms["Acceptance"];
  rejection: Forms["Rejection"];
}

export type VisitStep = keyof Bodies;

/** A step and what it says. */
export type Act = { [Step in VisitStep]: { step: Step; body: Bodies[Step] } }[VisitStep];

/** What steps say in codes: each field with its vocabulary, and the code that is chosen at first. */
const CODED = {
  decline: { reason: ["decline_reason", "no_time"] },
  "customer-call": { outcome: ["visit_call", "reached"] },
  pause: { reason: ["pause_reason", "waiting_parts"] },
  failure: { reason: ["failure_reason", "customer_absent"], next_step: ["next_step", "another_visit"] },
} as const;

export type CodedStep = keyof typeof CODED;
type CodedField = "reason" | "outcome" | "next_step";
export type Chosen = Partial<Record<CodedField, string>>;
/** A field, its vocabulary, and the code that is chosen. */
export type Choice = [
  CodedField,
  "decline_reason" | "visit_call" | "pause_reason" | "failure_reason" | "next_step",
  string,
];

export function isCoded(step: string | null): step is CodedStep {
  return step !== null && step in CODED;
}

/** What stands in the fields of a step. */
export function choicesOf(step: CodedStep, chosen: Chosen): Choice[] {
  return Object.entries(CODED[step]).map(([name, [vocabulary, first]]) => {
    const field = name as CodedField;
    return [field, vocabulary, chosen[field] ?? first];
  });
}

/** A step with its codes, and a note where there is one. */
export function codedAct(step: CodedStep, chosen: Chosen, note: string): Act {
  const codes = Object.fromEntries(choicesOf(step, chosen).map(([field, , code]) => [field, code]));
  return { step, body: note.trim() ? { ...codes, note } : codes } as Act;
}

type Stage = Pick<Forms["WorkOrderSheet"], "status" | "paused" | "crew_confirmed_at">;

/** The steps that the visit's stage allows, the next one first; the service decides again. */
export function nextSteps({ status, paused, crew_confirmed_at }: Stage): VisitStep[] {
  switch (status) {
    case "assigned":
      return [
        "departure",
        "arrival",
        "customer-call",
        ...(crew_confirmed_at ? [] : ["confirmation" as const]),
        "decline",
      ];
    case "travelling":
      return ["arrival", "customer-call", "failure"];
    case "on_site":
      return paused ? ["resumption", "conduct", "failure"] : ["completion", "conduct", "pause", "failure"];
    case "completed":
      return ["acceptance", "rejection"];
    default:
      return [];
  }
}
