import { useQuery } from "@tanstack/react-query";
import type { components as Dispatch } from "../../api/dispatch.gen";
import type { components as Intake } from "../../api/intake.gen";
import type { components as Sla } from "../../api/sla.gen";
import { body, dispatch, intake, sla, survey, triage } from "../../lib/clients";
import { allOf } from "../../lib/pages";
import { isProblem } from "../../lib/problem";

export type Ticket = Intake["schemas"]["TicketDetails"];
export type Explanation = Sla["schemas"]["ExplanationItem"];
export type WorkOrder = Dispatch["schemas"]["WorkOrderSheet"];
export type Evidence = Intake["schemas"]["LateEvidence"];

/** Who has the page, who sees rulings on late evidence, and who sees who looked at contacts. */
export const MAY_AUDIT = ["auditor", "manager", "operator"];
export const MAY_SEE_EVIDENCE = ["auditor", "manager", "director"];
export const MAY_SEE_LOOKS = ["auditor"];

const MOST = 200;

/** The id of the ticket of a number; null: there is none. */
export async function ticketOf(number: string): Promise<string | null> {
  const { items } = await body(intake.GET("/v1/tickets", { params: { query: { number: [number], limit: 1 } } }));
  return items[0]?.id ?? null;
}

/** All that is known of the ticket by now, by all services. */
export function useStory(id: string) {
  return useQuery({
    queryKey: ["history", id, "audit"],
    queryFn: () =>
      allOf((cursor) => {
        const query = { limit: MOST, ...(cursor && { cursor }) };
        return body(intake.GET("/v1/tickets/{ticket_id}/history", { params: { path: { ticket_id: id }, query } }));
      }),
  });
}

/** A ticket, its visits and its clocks as they were known at an instant; what there was not yet is left out. */
interface Known {
  ticket: Ticket | null;
  visits: WorkOrder[];
  clocks: Explanation[];
}

export function useKnown(id: string, at: string | undefined) {
  return useQuery({
    queryKey: ["ticket", id, "audit", at ?? "now"],
    queryFn: () => known(id, at),
    placeholderData: (before) => before,
  });
}

async function known(id: string, at: string | undefined): Promise<Known> {
  const [ticket, visits, clocks] = await Promise.all([ticketAt(id, at), visitsAt(id, at), clocksAt(id, at)]);
  return { ticket, visits, clocks };
}

function ticketAt(ticket_id: string, at: string | undefined): Promise<Ticket | null> {
  return orNull(body(intake.GET("/v1/tickets/{ticket_id}", { params: { path: { ticket_id }, query: asOf(at) } })));
}

async function visitsAt(ticket_id: string, at: string | undefined): Promise<WorkOrder[]> {
  const query = { ticket_id: [ticket_id], limit: MOST };
  const { items } = await body(dispatch.GET("/v1/work-orders", { params: { query } }));
  const found = items.map(({ id: work_order_id }) =>
    orNull(
      body(dispatch.GET("/v1/work-orders/{work_order_id}", { params: { path: { work_order_id }, query: asOf(at) } })),
    ),
  );
  return present(await Promise.all(found));
}

async function clocksAt(ticket_id: string, at: string | undefined): Promise<Explanation[]> {
  const { items } = await body(sla.GET("/v1/clocks", { params: { query: { ticket_id: [ticket_id], limit: MOST } } }));
  const found = items.map(({ id }) =>
    orNull(body(sla.GET("/v1/clocks/{id}/explanation", { params: { path: { id }, query: asOf(at) } }))),
  );
  return present(await Promise.all(found));
}

/** Who looked at the customer's contact, in all services, the latest first. */
export function useLooks(customer: string, isWanted: boolean) {
  return useQuery({
    queryKey: ["audit", "looks", customer],
    queryFn: async () => {
      const params = { query: { customer_id: [customer], limit: MOST } };
      const asked = [intake, dispatch, survey].map((one) =>
        body((one as typeof intake).GET("/v1/contact-views", { params })),
      );
      const looks = (await Promise.all(asked)).flatMap(({ items }) => items);
      return looks.sort((one, other) => Date.parse(other.viewed_at) - Date.parse(one.viewed_at));
    },
    enabled: isWanted,
  });
}

/** What was recorded so late that somebody has to say whether it counts, in all services. */
export function useEvidence(ticket: string, isWanted: boolean) {
  return useQuery({
    queryKey: ["ticket", ticket, "evidence"],
    queryFn: async () => {
      const params = { query: { ticket_id: [ticket], limit: MOST } };
      const asked = [intake, triage, dispatch, survey].map((one) =>
        body((one as typeof intake).GET("/v1/evidence", { params })),
      );
      return (await Promise.all(asked)).flatMap(({ items }) => items);
    },
    enabled: isWanted,
  });
}

export function asOf(at: string | undefined) {
  return at === undefined ? {} : { as_of: at };
}

function present<One>(found: readonly (One | null)[]): One[] {
  return found.filter((one): one is Awaited<One> & One => one !== null);
}

export async function orNull<Found>(read: Promise<Found>): Promise<Found | null> {
  try {
    return await read;
  } catch (error) {
    if (isProblem(error, "not-found")) return null;
    throw error;
  }
}
