import type { components } from "../../../api/intake.gen";
import type { Contract } from "../accounts";
import { given, happened, numbers, today } from "./given";

type Schemas = components["schemas"];
type Term = Schemas["TermForm"];
type Change = Schemas["TermChangeForm"];
type Conditions = Schemas["ConditionsForm"];
type Entitlement = Schemas["EntitlementForm"];

/** A term as it is filled in; an empty field says nothing. */
export interface TermValues {
  component_class: string;
  months: string;
  start_rule: Term["start_rule"] | "";
  start_date: string;
  latent_defect_months: string;
  shelf_years: string;
  replacement: NonNullable<Term["replacement"]> | "";
  replacement_months: string;
  expansion: "own" | "";
}

export interface ChangeValues extends TermValues {
  op: Change["op"];
}

interface EntitlementValues {
  service: Entitlement["service"];
  times: string;
  per: Entitlement["per"];
}

interface ConditionValues {
  service_level: string;
  /** In yuan; the service counts in fen. */
  labour_cap: string;
  travel_free: "yes" | "no" | "";
  entitlements: EntitlementValues[];
  /** In yuan, too. */
  prices: PriceValues[];
  budget: BudgetValues[];
}

interface PriceValues {
  item: string;
  unit: string;
  price: string;
}

interface BudgetValues {
  item: string;
  amount: string;
}

/** The form of a contract; its shape is the command's. */
export interface ContractValues {
  number: string;
  kind: Contract["kind"];
  /** The contract that an extension extends. */
  extends: string;
  /** The day on which it was signed. */
  occurred_at: string;
  terms: TermValues[];
  conditions: ConditionValues;
}

export interface AmendmentValues {
  occurred_at: string;
  /** The change order's number. */
  order: string;
  changes: ChangeValues[];
  conditions: ConditionValues;
}

const UNSAID: TermValues = {
  component_class: "",
  months: "",
  start_rule: "",
  start_date: "",
  latent_defect_months: "",
  shelf_years: "",
  replacement: "",
  replacement_months: "",
  expansion: "",
};
export const TERM: TermValues = { ...UNSAID, component_class: "*", start_rule: "acceptance", replacement: "rest" };
export const CHANGE: ChangeValues = { ...UNSAID, op: "set" };
export const ENTITLEMENT: EntitlementValues = { service: "visit", times: "", per: "year" };
export const PRICE: PriceValues = { item: "", unit: "", price: "" };
export const BUDGET: BudgetValues = { item: "", amount: "" };
const UNCONDITIONAL: ConditionValues = {
  service_level: "",
  labour_cap: "",
  travel_free: "",
  entitlements: [],
  prices: [],
  budget: [],
};

/** A form to begin with: of the contract that is to be extended, or of a new one. */
export function blankContract(extended: string): ContractValues {
  const terms = [extended ? { ...TERM, start_rule: "after_base" as const } : TERM];
  const kind = extended ? "extension" : "own";
  return { number: "", kind, extends: extended, occurred_at: today(), terms, conditions: UNCONDITIONAL };
}

export function blankAmendment(contract: Contract): AmendmentValues {
  return { occurred_at: today(), order: "", changes: [CHANGE], conditions: conditionsOf(contract.conditions) };
}

/** What a term says, as it is filled in. */
export function termValues(term: Term): TermValues {
  const written = Object.entries(term).filter(([name]) => name in UNSAID);
  return { ...UNSAID, ...Object.fromEntries(written.map(([name, value]) => [name, value == null ? "" : `${value}`])) };
}

function conditionsOf(of: Conditions): ConditionValues {
  const { service_level, labour_cap, travel_free, entitlements, prices, budget } = of;
  return {
    service_level: service_level ?? "",
    labour_cap: labour_cap == null ? "" : yuan(labour_cap),
    travel_free: travel_free == null ? "" : travel_free ? "yes" : "no",
    entitlements: (entitlements ?? []).map(({ service, times, per }) => ({ service, times: String(times), per })),
    prices: (prices ?? []).map(({ item, unit, price }) => ({ item, unit, price: yuan(price) })),
    budget: (budget ?? []).map(({ item, amount }) => ({ item, amount: yuan(amount) })),
  };
}

function yuan(fen: number): string {
  return String(fen / 100);
}

/** An amount that was left empty is none, which the service refuses: nothing is for free because it was forgotten. */
function fen(yuan: string): number {
  return yuan.trim() ? Math.round(Number(yuan) * 100) : Number.NaN;
}

/** An amount that was left empty is not said, and refused at its field: it is not nought. */
function money<Name extends string>(amounts: Record<Name, string>): Record<Name, number> {
  const written = Object.entries<string>(amounts).filter(([, yuan]) => yuan.trim());
  return Object.fromEntries(written.map(([name, yuan]) => [name, fen(yuan)])) as Record<Name, number>;
}

/** The command that puts a contract on file. */
export function newContract(customerId: string, values: ContractValues): Schemas["NewContract"] {
  const { number, kind, occurred_at, terms, conditions } = values;
  return {
    customer_id: customerId,
    number: number.trim(),
    kind,
    ...(kind === "extension" && given({ extends: values.extends })),
    ...happened(occurred_at),
    terms: terms.map(termOf),
    conditions: agreed(conditions),
  };
}

/** The command that changes one: conditions are said again, all of them, if they are others. */
export function amendment(contract: Contract, values: AmendmentValues): Schemas["ContractAmendment"] {
  const before = JSON.stringify(conditionsOf(contract.conditions));
  const changed = JSON.stringify(values.conditions) !== before;
  return {
    ...happened(values.occurred_at),
    ...given({ order: values.order }),
    changes: values.changes.map((change) => changeOf(change)),
    ...(changed && { conditions: agreed(values.conditions) }),
  };
}

function changeOf(change: ChangeValues): Change {
  const { op, component_class } = change;
  return op === "remove" ? { op, component_class: component_class.trim() } : ({ op, ...said(change) } as Change);
}

/** A term as the service is told it. */
export function termOf(term: TermValues): Term {
  return { ...said(term), months: Number(term.months) } as Term;
}

/** The fields of a term that were filled in. */
function said(term: TermValues): Partial<Term> {
  const { component_class, start_rule, start_date, replacement, expansion } = term;
  const { months, latent_defect_months, shelf_years, replacement_months } = term;
  return {
    ...given({ component_class, start_rule, replacement, expansion }),
    ...(start_rule === "date" && given({ start_date })),
    ...numbers({ months, latent_defect_months, shelf_years }),
    ...(replacement === "own" && numbers({ replacement_months })),
  } as Partial<Term>;
}

function agreed(values: ConditionValues): Conditions {
  const { service_level, labour_cap, travel_free, entitlements, prices, budget } = values;
  return {
    ...given({ service_level }),
    ...(labour_cap.trim() && { labour_cap: fen(labour_cap) }),
    ...(travel_free && { travel_free: travel_free === "yes" }),
    entitlements: entitlements.map(({ service, times, per }) => ({ service, times: Number(times), per })),
    prices: prices.map(({ item, unit, price }) => ({ item: item.trim(), unit: unit.trim(), ...money({ price }) })),
    budget: budget.map(({ item, amount }) => ({ item: item.trim(), ...money({ amount }) })),
  };
}
