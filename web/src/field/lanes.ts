import type { components } from "../api/dispatch.gen";
import type { Command, Entry } from "./command";

/** Commands of one work order are a lane: they are carried out in their order. */

export type WorkOrder = components["schemas"]["WorkOrderSheet"];

/** What is sent next: the first of a lane in which nothing was refused, and that is not among those that wait. */
export function nextOf(log: readonly Entry[], waiting: ReadonlySet<string>): Entry | undefined {
  const passed = new Set(waiting);
  for (const entry of log) {
    const lane = entry.command.work_order_id;
    if (!passed.has(lane) && !entry.command.refusal) return entry;
    passed.add(lane);
  }
  return undefined;
}

/** Whether a command was refused there: no step is taken until somebody decided what becomes of it. */
export function isStopped(log: readonly Entry[], lane: string): boolean {
  return log.some(({ command }) => command.work_order_id === lane && command.refusal);
}

/** How many wait to be sent. */
export function waitingIn(log: readonly Entry[], lane?: string): number {
  return log.filter(({ command }) => !command.refusal && (lane ?? command.work_order_id) === command.work_order_id)
    .length;
}

/** The work order as it will be once its lane is sent, up to what was refused. */
export function foreseen(order: WorkOrder, log: readonly Entry[]): WorkOrder {
  let after = order;
  for (const { command } of log) {
    if (command.work_order_id !== order.id) continue;
    if (command.refusal) break;
    after = afterStep(after, command);
  }
  return after;
}

/** The work order once a command is carried out. */
export function afterStep(order: WorkOrder, command: Command): WorkOrder {
  const at = command.occurred_at ?? new Date(command.at).toISOString();
  switch (command.step) {
    case "confirmation":
      return { ...order, crew_confirmed_at: at };
    case "decline":
      return { ...order, status: "created", engineer_id: null };
    case "customer-call":
      return { ...order, called_at: at, call_outcome: command.body.outcome, call_note: command.body.note ?? null };
    case "departure":
      return { ...order, status: "travelling" };
    case "arrival":
      return { ...order, status: "on_site", arrived_at: at };
    case "conduct":
      return { ...order, conduct: command.body.items };
    case "pause":
      return { ...order, paused: true, pause_reason: command.body.reason, pause_note: command.body.note ?? null };
    case "resumption":
      return { ...order, paused: false, pause_reason: null, pause_note: null };
    case "completion":
      return { ...order, status: "completed", completed_at: at, result: command.body.result };
    case "failure": {
      const { reason, next_step, note } = command.body;
      const failed = { status: "failed", failure_reason: reason, next_step, failure_note: note ?? null } as const;
      return { ...order, ...failed, paused: false, pause_reason: null, pause_note: null };
    }
    case "acceptance":
      return { ...order, status: "accepted", signed_by: command.body.signed_by };
    case "rejection":
      return { ...order, status: "rejected", rejection_reasons: command.body.reasons };
  }
}
