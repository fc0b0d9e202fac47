import type { components } from "../../api/intake.gen";
import { isId, known } from "../../lib/address";
import { KINDS, OPEN, STAGES, STATUSES, URGENCIES, WAITS } from "../ticketCodes";

type QueueItem = components["schemas"]["QueueItem"];
const OWNERS = ["me", "nobody"] as const;
type Owner = (typeof OWNERS)[number];
type Status = QueueItem["status"];
export type Stage = QueueItem["stage"];

const SORTS = ["opened_at", "-opened_at", "due_at", "-due_at"] as const;
export type Sort = (typeof SORTS)[number];

/** What the queue shows, as the address says it; a value that nobody knows asks for nothing. */
export interface Filters {
  status?: Status[];
  urgency?: QueueItem["urgency"][];
  kind?: QueueItem["kind"][];
  owner?: Owner;
  stage?: Stage[];
  region?: string[];
  team?: string[];
  waits_for?: NonNullable<QueueItem["waits_for"]>[];
  /** Waiting, and to be looked at again by now. */
  again?: "due";
  /** Those that ended long ago. */
  archived?: "only";
  /** Ids: of these devices, under these contracts, of these customers, of these engineers' visits. */
  asset_id?: string[];
  contract_id?: string[];
  customer_id?: string[];
  engineer_id?: string[];
  /** Since midnight. */
  opened?: "today";
  number?: string;
  /** Words that it has, all of them. */
  q?: string;
  sort?: Sort;
}

/** What a ticket is about, by its id. */
export const SUBJECTS = ["asset_id", "contract_id", "customer_id", "engineer_id"] as const;
/** So many of a kind are taken from an address. */
const MOST = 100;

export function filtersIn(search: Record<string, unknown>): Filters {
  const lists = {
    status: known(search.status, STATUSES),
    urgency: known(search.urgency, URGENCIES),
    kind: known(search.kind, KINDS),
    stage: known(search.stage, STAGES),
    region: texts(search.region),
    team: texts(search.team),
    waits_for: known(search.waits_for, WAITS),
    ...Object.fromEntries(SUBJECTS.map((name) => [name, texts(search[name]).filter(isId)])),
  };
  const number = typeof search.number === "string" ? search.number.trim().slice(0, 40) : "";
  const q = typeof search.q === "string" ? search.q.trim().slice(0, 100) : "";
  const [sort] = known(search.sort, SORTS);
  const [owner] = known(search.owner, OWNERS);
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, values]) => values.length > 0)),
    ...(owner && { owner }),
    ...(search.opened === "today" && { opened: "today" }),
    ...(search.again === "due" && { again: "due" }),
    ...(search.archived === "only" && { archived: "only" }),
    ...(number && { number }),
    ...(q && { q }),
    ...(sort && { sort }),
  };
}

function texts(value: unknown): string[] {
  const given = [value].flat().filter((each) => typeof each === "string");
  return given
    .map((each) => each.trim().slice(0, 60))
    .filter(Boolean)
    .slice(0, MOST);
}

/** The address of the queue: what it shows, and the ticket that stands beside it. */
export interface QueueSearch extends Filters {
  open?: string;
}

export function queueSearch(search: Record<string, unknown>): QueueSearch {
  return { ...filtersIn(search), ...(isId(search.open) && { open: search.open }) };
}

/** Whether anything is asked for; an order is none. */
export function isFiltered({ sort, ...filters }: Filters): boolean {
  return Object.keys(filters).length > 0;
}

/** Views are filters that have a name; what is to be done is sorted by deadline. */
export const VIEWS = {
  mine: { owner: "me", status: OPEN, sort: "due_at" },
  unclaimed: { owner: "nobody", status: OPEN, sort: "due_at" },
  urgent: { stage: ["warned", "breached"], sort: "due_at" },
  waiting: { status: ["waiting_customer"], sort: "due_at" },
  done: { status: ["repaired", "accepted"], sort: "due_at" },
  today: { opened: "today" },
  all: {},
} as const satisfies Record<string, Filters>;

export type View = keyof typeof VIEWS;

/** The view that asks for the same, in whatever order. */
export function viewOf(filters: Filters): View | null {
  const names = Object.keys(VIEWS) as View[];
  return names.find((name) => asksTheSame(VIEWS[name], filters)) ?? null;
}

export function asksTheSame(one: Filters, other: Filters): boolean {
  return said(one) === said(other);
}

/** What can be kept under a name: words and numbers may be a customer's, and are not. */
export function lasting({ q, number, ...filters }: Filters): Filters {
  return filters;
}

function said({ sort, ...filters }: Filters): string {
  const pairs = Object.entries(filters).map(([name, value]) => `${name}=${[value].flat().sort().join()}`);
  return pairs.sort().join("&");
}

/** The filters as the service takes them, at `now` (milliseconds). */
export function askedFor({ owner, opened, again, archived, number, sort, ...lists }: Filters, now: number) {
  return {
    ...lists,
    ...(owner === "me" && { owner_id: ["me" as const] }),
    ...(owner === "nobody" && { unclaimed: true }),
    ...(opened && { opened_from: midnight(now) }),
    ...(archived && { archived: true }),
    ...(again && { look_again_to: new Date(now).toISOString() }),
    ...(number && { number: [number] }),
  };
}

/** Where the same tickets are had as a sheet. */
export function sheetOf(filters: Filters, now: number): string {
  const asked = Object.entries({ ...askedFor(filters, now), ...(filters.sort && { sort: filters.sort }) });
  const pairs = asked.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
  return `/api/intake/v1/tickets/export?${new URLSearchParams(pairs)}`;
}

function midnight(now: number): string {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}
