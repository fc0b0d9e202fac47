import { hasRole, type Person } from "../../lib/person";
import { nextSteps, type VisitStep } from "../../lib/visitSteps";
import { isMovable, type WorkOrder } from "./visit";

/** What can be done on a work order's page. */
export type Step = "plan" | "unassignment" | Exclude<VisitStep, "conduct">;

const OFFICE = ["dispatcher", "manager"];
const CREW = ["engineer", ...OFFICE];

/** The steps that the visit's stage allows and the person may take, the next one first; the service decides again. */
export function stepsOn(order: WorkOrder, person: Person): Step[] {
  const crew = hasRole(person, CREW) ? nextSteps(order).filter(isForms) : [];
  const office = hasRole(person, OFFICE) ? planSteps(order) : [];
  return [...office, ...crew];
}

/** The code of conduct is gone through on the phone alone. */
function isForms(step: VisitStep): step is Exclude<VisitStep, "conduct"> {
  return step !== "conduct";
}

function planSteps(order: WorkOrder): Step[] {
  if (!isMovable(order)) return [];
  return order.engineer_id ? ["plan", "unassignment"] : ["plan"];
}
