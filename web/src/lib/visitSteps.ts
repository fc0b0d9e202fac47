import type { components } from "../api/dispatch.gen";

/** Steps of a visit, as its routes are named. */
export type VisitStep = "departure" | "arrival" | "pause" | "resumption" | "completion" | "acceptance" | "rejection";

type Stage = Pick<components["schemas"]["WorkOrderSheet"], "status" | "paused">;

/** The steps that the visit's stage allows, the next one first; the service decides again. */
export function nextSteps({ status, paused }: Stage): VisitStep[] {
  switch (status) {
    case "assigned":
      return ["departure", "arrival"];
    case "travelling":
      return ["arrival"];
    case "on_site":
      return paused ? ["resumption"] : ["completion", "pause"];
    case "completed":
      return ["acceptance", "rejection"];
    default:
      return [];
  }
}
