import type { Status } from "./path";

/** What the register lets a person do with a ticket, beside the work of the other services. */
export type Act = "cancel" | "close" | "duplicate";

const ENDED: readonly Status[] = ["closed", "cancelled"];
const DONE: readonly Status[] = ["repaired", "accepted"];

export const MAY_ACT = ["agent", "manager"];

/** The acts that the status allows, the next one first; the service decides again. */
export function actsOn(status: Status): Act[] {
  if (ENDED.includes(status)) return [];
  if (status === "accepted") return ["close"];
  return [...(DONE.includes(status) ? (["close"] as const) : []), "cancel", "duplicate"];
}
