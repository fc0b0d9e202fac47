/** What the live stream says: the type of an event, and the ids of what it is about. */
export interface Told {
  type: string;
  ticket_id?: string;
  work_order_id?: string;
}

const OF_TICKET = ["tickets", "ticket", "history"] as const;
const VISIT = ["work-orders", "work-order", "workload", ...OF_TICKET] as const;
const CASE = ["cases", "case", ...OF_TICKET] as const;
const CLOCK = ["clocks", ...OF_TICKET] as const;
const CALLBACK = ["callbacks", ...OF_TICKET] as const;

type Word =
  | (typeof VISIT)[number]
  | (typeof CASE)[number]
  | (typeof CLOCK)[number]
  | (typeof CALLBACK)[number]
  | "engineers"
  | "customers"
  | "ticket-names"
  | "contracts"
  | "assets"
  | "policies"
  | "links";

function each(service: string, names: string, words: readonly Word[]): Record<string, readonly Word[]> {
  return Object.fromEntries(names.split(" ").map((name) => [`${service}.${name}`, words]));
}

/** What an event makes stale, by the first words of query keys; those of a visit that are not named make it stale. */
const STALE: Readonly<Record<string, readonly Word[]>> = {
  ...each("intake", "TicketOpened TicketOwnerChanged TicketStatusChanged TicketAmended", OF_TICKET),
  ...each("intake", "TicketTeamChanged TicketWaitChanged", OF_TICKET),
  ...each("intake", "TicketClosed TicketCancelled TicketMarkedDuplicate TicketUnmerged TicketReopened", CASE),
  ...each("intake", "WarrantyAssessed EvidenceAccepted EvidenceRefused", OF_TICKET),
  ...each("intake", "WarrantyReassessed TicketAssetNamed", OF_TICKET),
  ...each("intake", "CustomerRegistered", ["customers"]),
  ...each("intake", "ContractSigned ContractAmended ContractExtended ContractEnded", ["contracts", "assets"]),
  ...each("intake", "AssetInstalled AssetDated AssetCovered AssetMoved WarrantyCardIssued", ["assets"]),
  ...each("intake", "AssetReplaced AssetExpanded SpareUsed AssetRetired", ["assets"]),
  ...each("intake", "CustomerErased", ["customers", "ticket-names", "work-order", "case", ...OF_TICKET]),
  ...each("triage", "TriageStarted FaultClassified CauseDetermined WorkAuthorised", CASE),
  ...each("triage", "RemoteSupportStarted RemoteSupportSucceeded RemoteSupportFailed", CASE),
  ...each("triage", "EvidenceAccepted EvidenceRefused", CASE),
  ...each("dispatch", "EngineerBound EngineerUnbound", ["engineers"]),
  ...each("dispatch", "AppointmentConfirmed AppointmentMoved AppointmentWished", ["links", ...VISIT]),
  ...each("dispatch", "EvidenceAccepted EvidenceRefused", VISIT),
  ...each("dispatch", "RepairAccepted RepairRejected", ["links", ...VISIT]),
  ...each("sla", "ClockStarted ClockPaused ClockResumed ClockMet ClockCancelled", CLOCK),
  ...each("sla", "DeadlineMoved DeadlineApproaching DeadlineBreached BreachWithdrawn", CLOCK),
  ...each("sla", "PolicyPublished CalendarPublished", ["policies"]),
  ...each("survey", "CallbackScheduled CallbackAttempted", CALLBACK),
  ...each("survey", "CallbackCompleted", ["links", ...CALLBACK]),
  ...each("survey", "EvidenceAccepted EvidenceRefused", CALLBACK),
};

const OWNER: Record<Word, string> = {
  tickets: "intake",
  ticket: "intake",
  history: "intake",
  customers: "intake",
  "ticket-names": "intake",
  contracts: "intake",
  assets: "intake",
  links: "intake",
  cases: "triage",
  case: "triage",
  "work-orders": "dispatch",
  "work-order": "dispatch",
  workload: "dispatch",
  engineers: "dispatch",
  clocks: "sla",
  policies: "sla",
  callbacks: "survey",
};

const ID: Partial<Record<Word, "ticket_id" | "work_order_id">> = {
  ticket: "ticket_id",
  history: "ticket_id",
  links: "ticket_id",
  case: "ticket_id",
  "work-order": "work_order_id",
};

/** The beginning of a query key; an empty one is of all. */
export type Key = readonly string[];

/** Beginnings of the keys of what an event makes stale. */
export interface Keys {
  /** At the event's own service: new when it is told. */
  now: Key[];
  /** At services that have to hear of it first. */
  later: Key[];
}

function isOfVisit(told: Told): boolean {
  return told.type.startsWith("dispatch.") && told.work_order_id !== undefined;
}

/** Undefined for a type that a newer service tells. */
export function keysOf(told: Told): Keys | undefined {
  const words = STALE[told.type] ?? (isOfVisit(told) ? VISIT : undefined);
  if (!words) return undefined;
  const own = told.type.split(".", 1)[0];
  const key = (word: Word): Key => {
    const id = told[ID[word] ?? "ticket_id"];
    return ID[word] && id ? [word, id] : [word];
  };
  return {
    now: words.filter((word) => OWNER[word] === own).map(key),
    later: words.filter((word) => OWNER[word] !== own).map(key),
  };
}
