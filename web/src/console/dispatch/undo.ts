import type { Move } from "./planning";
import { type Plan, planned, slotOf, unassigned, type WorkOrder } from "./visit";

/** A move that stands. */
export interface Done {
  order: WorkOrder;
  plan: Plan | null;
  /** The ETag of the visit since: with another one somebody else has changed it. */
  etag: string | null;
}

/** Moves that can be undone. */
const MOST = 10;

/** The moves that can be undone, the newest last, once one more was made: of a visit that was moved elsewhere meanwhile, the earlier ones cannot. */
export function withMove(moves: readonly Done[], made: Done): Done[] {
  const { order } = made;
  const before = moves.findLast((move) => move.order.id === order.id);
  const isFollowed = before !== undefined && isSame(afterMove(before), order);
  const kept = isFollowed ? moves : moves.filter((move) => move.order.id !== order.id);
  return [...kept, ...(backOf(made) ? [made] : [])].slice(-MOST);
}

/** The moves that can be undone without this one; where it was undone, `etag` is the visit's since. */
export function withoutMove(moves: readonly Done[], undone: Done, etag?: string | null): Done[] {
  const others = moves.filter((move) => move !== undone);
  if (etag === undefined) return others;
  return others.map((move) => (move.order.id === undone.order.id ? { ...move, etag } : move));
}

/** What takes a move back; null for a visit that had an engineer and no time, which no plan says. */
export function backOf(move: Done): Move | null {
  const { engineer_id: engineerId } = move.order;
  const order = afterMove(move);
  if (engineerId === null) return { order, plan: null, undoes: move };
  const slot = slotOf(move.order);
  return slot && { order, plan: { engineerId, ...slot }, undoes: move };
}

/** The visit as it will be once the move stands. */
export function afterMove({ order, plan }: Pick<Done, "order" | "plan">): WorkOrder {
  return plan ? planned(order, plan) : unassigned(order);
}

function isSame(one: WorkOrder, other: WorkOrder): boolean {
  const [slot, time] = [slotOf(one), slotOf(other)];
  return one.engineer_id === other.engineer_id && slot?.start === time?.start && slot?.end === time?.end;
}
