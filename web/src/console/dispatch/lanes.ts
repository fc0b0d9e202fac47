import { type Engineer, type Slot, slotOf, type WorkOrder } from "./visit";

/** A visit in its lane; `row` counts from 0 where visits overlap, such as those that are only offered. */
export interface Placed {
  order: WorkOrder;
  slot: Slot;
  row: number;
}

export interface Lane {
  engineer: Engineer;
  visits: readonly Placed[];
  rows: number;
  /** Milliseconds on site, over all visits of the day. */
  busy: number;
}

export type Sort = "name" | "load";

/** The lanes of a day, [start, end): each engineer's visits by their times. */
export function lanesOf(
  engineers: readonly Engineer[],
  orders: readonly WorkOrder[],
  start: number,
  end: number,
): Lane[] {
  const whose = new Map<string, WorkOrder[]>(engineers.map(({ id }) => [id, []]));
  for (const order of orders) if (order.engineer_id) whose.get(order.engineer_id)?.push(order);
  return engineers.map((engineer) => laneOf(engineer, timed(whose.get(engineer.id) ?? [], start, end)));
}

/** By name, or who has most to do first. */
export function sorted(lanes: readonly Lane[], sort: Sort, language: string): Lane[] {
  const byName = (one: Lane, other: Lane) => nameOf(one.engineer).localeCompare(nameOf(other.engineer), language);
  const byLoad = (one: Lane, other: Lane) => other.busy - one.busy || byName(one, other);
  return [...lanes].sort(sort === "load" ? byLoad : byName);
}

/** A name that was erased leaves the end of the id. */
export function nameOf(engineer: Pick<Engineer, "id" | "name">): string {
  return engineer.name ?? `…${engineer.id.slice(-4)}`;
}

/** Whether the engineer has what the visit needs. Which plan can stand, the service says. */
export function isAble(engineer: Engineer, order: WorkOrder): boolean {
  return order.skills.every((skill) => engineer.skills.includes(skill));
}

/** The visits with the first row in which each is free, in order of time. */
export function stacked(visits: readonly Omit<Placed, "row">[]): Placed[] {
  const until: number[] = [];
  return [...visits]
    .sort((one, other) => one.slot.start - other.slot.start || one.slot.end - other.slot.end)
    .map((visit) => {
      const free = until.findIndex((end) => end <= visit.slot.start);
      const row = free < 0 ? until.length : free;
      until[row] = visit.slot.end;
      return { ...visit, row };
    });
}

function laneOf(engineer: Engineer, visits: Omit<Placed, "row">[]): Lane {
  const placed = stacked(visits);
  const rows = placed.reduce((most, { row }) => Math.max(most, row + 1), 1);
  const busy = placed.reduce((sum, { slot }) => sum + slot.end - slot.start, 0);
  return { engineer, visits: placed, rows, busy };
}

function timed(orders: readonly WorkOrder[], start: number, end: number): Omit<Placed, "row">[] {
  return orders.flatMap((order) => {
    const slot = slotOf(order);
    return slot && slot.start < end && slot.end > start ? [{ order, slot }] : [];
  });
}
