import type { components } from "../api/dispatch.gen";

export type Visit = Pick<components["schemas"]["WorkOrderSheet"], "id" | "visit" | "status">;
type Status = Visit["status"];

/** The print-outs of a visit, and the statuses in which there is something to print; the gateway decides again. */
const FORMS = {
  "maintenance-task-order": [
    "created",
    "assigned",
    "travelling",
    "on_site",
    "completed",
    "failed",
    "accepted",
    "rejected",
  ],
  "maintenance-acceptance": ["completed", "accepted", "rejected"],
  "user-opinion-feedback": ["completed", "accepted", "rejected"],
} as const;

type FormName = keyof typeof FORMS;

/** In the order in which a visit has them. */
export function formsOf(status: Status): FormName[] {
  return Object.entries(FORMS).flatMap(([name, statuses]) =>
    (statuses as readonly Status[]).includes(status) ? [name as FormName] : [],
  );
}

export function addressOf(form: FormName, workOrderId: string): string {
  return `/documents/${form}/${workOrderId}.pdf`;
}
