import type { components } from "../api/intake.gen";
import { every } from "../lib/every";

type QueueItem = components["schemas"]["QueueItem"];

export const STATUSES = every<QueueItem["status"]>({
  open: true,
  in_triage: true,
  waiting_customer: true,
  authorised: true,
  scheduled: true,
  on_site: true,
  repaired: true,
  rework: true,
  accepted: true,
  closed: true,
  cancelled: true,
});

/** Of tickets that are not over. */
export const OPEN = STATUSES.filter((status) => status !== "closed" && status !== "cancelled");

export const URGENCIES = every<QueueItem["urgency"]>({ low: true, normal: true, high: true, critical: true });

export const KINDS = every<QueueItem["kind"]>({
  repair: true,
  inspection: true,
  installation: true,
  training: true,
  relocation: true,
  expansion: true,
  system_change: true,
  performance_tuning: true,
  event_duty: true,
  resident_engineer: true,
  consultation: true,
  complaint: true,
  suggestion: true,
});

type Talk = Extract<QueueItem["kind"], "consultation" | "complaint" | "suggestion">;

/** Whether somebody's answer is all that a ticket of this kind needs. */
export function isAnswered(kind: QueueItem["kind"]): kind is Talk {
  return kind === "consultation" || kind === "complaint" || kind === "suggestion";
}

export const WAITS = every<NonNullable<QueueItem["waits_for"]>>({
  customer: true,
  supplier: true,
  parts: true,
  us: true,
});

export const STAGES = every<QueueItem["stage"]>({
  none: true,
  paused: true,
  running: true,
  warned: true,
  breached: true,
});
