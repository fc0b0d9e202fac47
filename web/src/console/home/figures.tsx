import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { components as Intake } from "../../api/intake.gen";
import type { components as Sla } from "../../api/sla.gen";
import { body, dispatch, intake, sla, survey, triage } from "../../lib/clients";
import { current } from "../../lib/now";
import { OPEN } from "../ticketCodes";

type Ticket = Intake["schemas"]["QueueItem"];
type RuleStatus = Sla["schemas"]["RuleItem"]["status"];

/** A number of what waits, and the way to the list of exactly these rows. */
export interface Figure {
  name: keyof typeof WAYS;
  roles: readonly string[];
  /** What makes it stale, as `lib/stale.ts` says it. */
  word: "tickets" | "callbacks" | "cases" | "work-orders" | "clocks" | "policies";
  count: () => Promise<number>;
}

const LATE: Ticket["stage"][] = ["warned", "breached"];
const UNDECIDED = ["open" as const, "classified" as const, "remote_support" as const];
const RUNNING = ["running" as const, "paused" as const];
const DAY = 24 * 3_600_000;

interface TicketFilters {
  owner_id?: "me"[];
  unclaimed?: boolean;
  status?: Ticket["status"][];
  stage?: Ticket["stage"][];
}

async function tickets(filters: TicketFilters): Promise<number> {
  const query = { ...filters, group_by: "stage" as const };
  return (await body(intake.GET("/v1/tickets/counts", { params: { query } }))).total;
}

async function callbacks(late: number): Promise<number> {
  const due_to = new Date(current() - late).toISOString();
  const query = { status: ["scheduled" as const], due_to, group_by: "status" as const };
  return (await body(survey.GET("/v1/callbacks/counts", { params: { query } }))).total;
}

async function cases(status: (typeof UNDECIDED)[number][]): Promise<number> {
  return (await body(triage.GET("/v1/cases/counts", { params: { query: { status, group_by: "status" } } }))).total;
}

async function unassigned(): Promise<number> {
  const query = { unassigned: true, group_by: "status" as const };
  return (await body(dispatch.GET("/v1/work-orders/counts", { params: { query } }))).total;
}

async function breached(): Promise<number> {
  const query = { status: RUNNING, breached: true, group_by: "status" as const };
  return (await body(sla.GET("/v1/clocks/counts", { params: { query } }))).total;
}

/** Policies and shared calendars are dozens: they are counted on the first page. */
async function rules(status: RuleStatus): Promise<number> {
  const query = { status: [status], limit: 200 };
  const policies = body(sla.GET("/v1/policies", { params: { query } }));
  const calendars = body(sla.GET("/v1/calendars", { params: { query } }));
  return (await policies).items.length + (await calendars).items.length;
}

/** In the order in which they are shown. */
export const FIGURES: readonly Figure[] = [
  {
    name: "mine",
    roles: ["agent", "manager"],
    word: "tickets",
    count: () => tickets({ owner_id: ["me"], status: OPEN }),
  },
  { name: "waiting", roles: ["agent"], word: "tickets", count: () => tickets({ status: ["waiting_customer"] }) },
  {
    name: "unclaimed",
    roles: ["agent", "manager"],
    word: "tickets",
    count: () => tickets({ unclaimed: true, status: OPEN }),
  },
  { name: "urgent", roles: ["agent", "manager", "director"], word: "tickets", count: () => tickets({ stage: LATE }) },
  { name: "callbacks", roles: ["agent", "manager"], word: "callbacks", count: () => callbacks(-60_000) },
  { name: "overdue", roles: ["agent", "manager"], word: "callbacks", count: () => callbacks(DAY) },
  { name: "unclassified", roles: ["triage", "manager"], word: "cases", count: () => cases(["open"]) },
  { name: "undecided", roles: ["triage"], word: "cases", count: () => cases(UNDECIDED) },
  { name: "unassigned", roles: ["dispatcher", "manager"], word: "work-orders", count: unassigned },
  { name: "breached", roles: ["manager", "director"], word: "clocks", count: breached },
  { name: "toApprove", roles: ["director"], word: "policies", count: () => rules("draft") },
  { name: "toPublish", roles: ["director"], word: "policies", count: () => rules("approved") },
];

/** The lists behind the figures. */
export const WAYS = {
  mine: (said: ReactNode) => (
    <Link to="/tickets" search={{ owner: "me", status: OPEN, sort: "due_at" }}>
      {said}
    </Link>
  ),
  waiting: (said: ReactNode) => (
    <Link to="/tickets" search={{ status: ["waiting_customer"], sort: "due_at" }}>
      {said}
    </Link>
  ),
  unclaimed: (said: ReactNode) => (
    <Link to="/tickets" search={{ owner: "nobody", status: OPEN, sort: "due_at" }}>
      {said}
    </Link>
  ),
  urgent: (said: ReactNode) => (
    <Link to="/tickets" search={{ stage: LATE, sort: "due_at" }}>
      {said}
    </Link>
  ),
  callbacks: (said: ReactNode) => <Link to="/callbacks">{said}</Link>,
  overdue: (said: ReactNode) => (
    <Link to="/callbacks" search={{ view: "overdue" }}>
      {said}
    </Link>
  ),
  unclassified: (said: ReactNode) => (
    <Link to="/triage" search={{ status: ["open"] }}>
      {said}
    </Link>
  ),
  undecided: (said: ReactNode) => <Link to="/triage">{said}</Link>,
  unassigned: (said: ReactNode) => <Link to="/board">{said}</Link>,
  breached: (said: ReactNode) => (
    <Link to="/wallboard/clocks" search={{ status: RUNNING, breached: "true" }}>
      {said}
    </Link>
  ),
  toApprove: (said: ReactNode) => (
    <Link to="/policies" search={{ status: "draft" }}>
      {said}
    </Link>
  ),
  toPublish: (said: ReactNode) => (
    <Link to="/policies" search={{ status: "approved" }}>
      {said}
    </Link>
  ),
};
