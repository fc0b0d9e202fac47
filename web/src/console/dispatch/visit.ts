import type { components } from "../../api/dispatch.gen";
import type { TicketName } from "./names";

export type WorkOrder = components["schemas"]["WorkOrderSheet"];
export type Engineer = components["schemas"]["EngineerFile"];

/** How long a visit takes that has no time yet. */
const USUAL = 2 * 3_600_000;

/** A visit as people know it: whose it is, for who may see that, else what is done there; and the rest. */
export function titled(order: WorkOrder, ticket: TicketName | undefined, status: string | null, kind: string) {
  const [who, ...what] = ticket?.customer ? [ticket.customer, kind] : [kind];
  const again = order.rework_of ? "↻ " : "";
  const facts = [status, ...what, ...order.skills].filter(Boolean).join(" · ");
  return { title: `${again}${ticket?.number.slice(-4) ?? "…"} ${who}`, facts };
}

/** Where a visit is to go: whose, and when; instants are milliseconds. */
export interface Plan {
  engineerId: string;
  start: number;
  end: number;
  /** Whether the customer agreed to the time. */
  confirmed: boolean;
}

/** The time on site, agreed or offered. */
export interface Slot {
  start: number;
  end: number;
  confirmed: boolean;
}

export function slotOf(order: WorkOrder): Slot | null {
  const { appointment } = order;
  if (!appointment) return null;
  const { start, end, confirmed } = appointment;
  return { start: Date.parse(start), end: Date.parse(end), confirmed };
}

/** Milliseconds that the visit takes. */
export function lengthOf(order: WorkOrder): number {
  const slot = slotOf(order);
  return slot ? slot.end - slot.start : USUAL;
}

/** Whether it can still be planned: until the engineer sets out. */
export function isMovable(order: WorkOrder): boolean {
  return order.status === "created" || order.status === "assigned";
}

const DONE = ["completed", "failed", "accepted", "rejected"] as const;

export function isDone(order: WorkOrder): boolean {
  return DONE.some((status) => status === order.status);
}

/** What a drop or a key means: who goes at the same length; a time that the customer agreed to is agreed while it stays. */
export function planAt(order: WorkOrder, engineerId: string, start: number): Plan {
  const slot = slotOf(order);
  const confirmed = slot?.confirmed === true && slot.start === start;
  return { engineerId, start, end: start + lengthOf(order), confirmed };
}

/** Whether the plan takes a time from the customer that they agreed to. */
export function breaksPromise(order: WorkOrder, plan: Plan): boolean {
  const slot = slotOf(order);
  return slot?.confirmed === true && (slot.start !== plan.start || slot.end !== plan.end);
}

/** The work order as it will be once the plan stands. An agreed time stands while another is only offered. */
export function planned(order: WorkOrder, plan: Plan): WorkOrder {
  const { confirmed } = plan;
  const time = { start: new Date(plan.start).toISOString(), end: new Date(plan.end).toISOString(), confirmed };
  const isProposal = !confirmed && order.appointment?.confirmed === true;
  return {
    ...order,
    status: "assigned",
    engineer_id: plan.engineerId,
    crew_confirmed_at: plan.engineerId === order.engineer_id ? order.crew_confirmed_at : null,
    appointment: isProposal ? order.appointment : time,
    proposal: isProposal ? time : null,
    wish: null,
  };
}

/** The work order without an engineer; its time stands. */
export function unassigned(order: WorkOrder): WorkOrder {
  return { ...order, status: "created", engineer_id: null, crew_confirmed_at: null };
}
