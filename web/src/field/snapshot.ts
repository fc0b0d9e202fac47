import type { components as Dispatch } from "../api/dispatch.gen";
import type { components as Intake } from "../api/intake.gen";
import { open, seal } from "../lib/seal";
import { database, type Engineer } from "./database";
import type { WorkOrder } from "./lanes";

export type Ticket = Intake["schemas"]["QueueItem"];
export type Contact = Dispatch["schemas"]["VisitContact"];
type Conduct = Dispatch["schemas"]["Conduct"];

/** One visit with what is worth knowing on the way to it. */
export interface Visit {
  order: WorkOrder;
  ticket: Ticket | null;
  /** Null: erased, or not read yet. */
  contact: Contact | null;
  /** When the contact was read, by this phone's clock: each look is recorded, so it is not read each time. */
  contactAt: number;
  /** The engineer's own visits of the same ticket before, the newest first. */
  earlier: WorkOrder[];
}

/** The engineer's visits as the services had them. */
export interface Snapshot {
  /** By this phone's clock. */
  at: number;
  visits: Visit[];
  /** The code of conduct, of every type of job. */
  conduct: Conduct[];
}

export async function snapshotOf({ subject, key }: Engineer): Promise<Snapshot | null> {
  const kept = await (await database).get("snapshot", subject);
  return (kept && (await open<Snapshot>(key, kept))) ?? null;
}

export async function keep({ subject, key }: Engineer, snapshot: Snapshot): Promise<void> {
  const sealed = await seal(key, snapshot);
  await (await database).put("snapshot", sealed, subject);
}

/** The same visits, of which one work order was carried on. */
export function withOrder(snapshot: Snapshot, change: (order: WorkOrder) => WorkOrder, id: string): Snapshot {
  const visits = snapshot.visits.map((visit) =>
    visit.order.id === id ? { ...visit, order: change(visit.order) } : visit,
  );
  return { ...snapshot, visits };
}
