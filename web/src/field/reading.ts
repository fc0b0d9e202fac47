import { body, dispatch, intake } from "../lib/clients";
import { current } from "../lib/now";
import { allOf, inPortions } from "../lib/pages";
import { isProblem } from "../lib/problem";
import type { WorkOrder } from "./lanes";
import type { Contact, Snapshot, Ticket, Visit } from "./snapshot";

const PAGE = 200;
const OPEN = ["assigned", "travelling", "on_site", "completed"] as const;
const OVER = ["failed", "accepted", "rejected"] as const;
/** Days shown: today and two more. A visit that is under way, late or without a time is shown, too. */
const DAYS = 3;
/** Milliseconds before a contact is looked at again. */
const CONTACT_LIFE = 12 * 3_600_000;

/** The engineer's visits, each with its ticket and contact; `before` is what was read last. */
export async function readSnapshot(before: Snapshot | null): Promise<Snapshot> {
  const at = Date.now();
  const [orders, conduct] = await Promise.all([readOrders(), body(dispatch.GET("/v1/conduct"))]);
  const ids = [...new Set(orders.map((order) => order.ticket_id))];
  const [tickets, own] = await Promise.all([inPortions(ids, readTickets), inPortions(ids, readOwn)]);
  const visits: Visit[] = [];
  for (const order of orders) {
    const ticket = tickets.find(({ id }) => id === order.ticket_id) ?? null;
    const known = before?.visits.find((visit) => visit.order.id === order.id);
    visits.push({ order, ticket, ...(await contactOf(order, known, at)), earlier: earlierOf(order, own) });
  }
  return { at, visits, conduct: conduct.items };
}

async function readOrders(): Promise<WorkOrder[]> {
  const midnight = new Date(current());
  midnight.setHours(0, 0, 0, 0);
  const end = new Date(midnight);
  end.setDate(end.getDate() + DAYS);
  const [open, over] = await Promise.all([
    list({ status: [...OPEN] }),
    list({ status: [...OVER], from: midnight.toISOString(), to: end.toISOString() }),
  ]);
  return [...open.filter(({ appointment }) => !appointment || Date.parse(appointment.start) < end.getTime()), ...over];
}

type Filters = Partial<Record<"from" | "to", string>> & { status: WorkOrder["status"][]; ticket_id?: string[] };

function list(filters: Filters): Promise<WorkOrder[]> {
  const query = { ...filters, engineer_id: ["me"], sort: "appointment" as const, limit: PAGE };
  return allOf((cursor) =>
    body(dispatch.GET("/v1/work-orders", { params: { query: { ...query, ...(cursor && { cursor }) } } })),
  );
}

function readOwn(tickets: string[]): Promise<WorkOrder[]> {
  return list({ status: [...OVER], ticket_id: tickets });
}

async function readTickets(ids: string[]): Promise<Ticket[]> {
  return (await body(intake.GET("/v1/tickets", { params: { query: { id: ids, limit: ids.length } } }))).items;
}

function earlierOf(order: WorkOrder, own: WorkOrder[]): WorkOrder[] {
  const same = own.filter(({ ticket_id, visit }) => ticket_id === order.ticket_id && visit < order.visit);
  return same.sort((one, other) => other.visit - one.visit);
}

type Looked = Pick<Visit, "contact" | "contactAt">;

async function contactOf({ id, status }: WorkOrder, known: Visit | undefined, at: number): Promise<Looked> {
  const isOver = OVER.some((each) => each === status);
  if (isOver) return { contact: null, contactAt: at };
  if (known?.contact && at - known.contactAt < CONTACT_LIFE)
    return { contact: known.contact, contactAt: known.contactAt };
  return { contact: await readContact(id), contactAt: at };
}

async function readContact(work_order_id: string): Promise<Contact | null> {
  try {
    return await body(dispatch.GET("/v1/work-orders/{work_order_id}/contact", { params: { path: { work_order_id } } }));
  } catch (error) {
    if (isProblem(error, "not-found")) return null;
    throw error;
  }
}
