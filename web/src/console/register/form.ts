import type { components } from "../../api/intake.gen";

type NewTicket = components["schemas"]["NewTicket"];
export type CustomerOnFile = components["schemas"]["CustomerContact"];

/** The form as it is filled in; its shape is the command's. */
export interface Values {
  /** Of a customer on file, whose contact stands in `customer` to be read; empty for a new one. */
  customer_id: string;
  /** Which of their assets it is about; empty for none. */
  asset_id: string;
  /** At which of their places; empty for none. */
  site_id: string;
  /** Which of their tickets it follows; empty for none. */
  follows: string;
  customer: { name: string; phones: string[]; address: string };
  channel: NewTicket["channel"];
  /** Which number they called, to be read by whoever took the call; the ticket has its region alone. */
  called?: string;
  kind: NewTicket["kind"];
  urgency: NonNullable<NewTicket["urgency"]>;
  summary: string;
  requirements: string;
  region: string;
  contract: string;
}

export const BLANK: Values = {
  customer_id: "",
  asset_id: "",
  site_id: "",
  follows: "",
  customer: { name: "", phones: [""], address: "" },
  channel: "phone",
  called: "",
  kind: "repair",
  urgency: "normal",
  summary: "",
  requirements: "",
  region: "",
  contract: "",
};

/** The command: what was left empty is not said. */
export function newTicket(values: Values): NewTicket {
  const { customer_id, customer, asset_id = "", site_id = "", follows = "", called, ...matter } = values;
  const { requirements, region, contract, ...rest } = matter;
  const whose = customer_id ? { customer_id, ...said({ asset_id, site_id, follows }) } : { customer };
  return { ...rest, ...whose, ...said({ requirements, region, contract }) };
}

type Whose = "customer_id" | "asset_id" | "site_id" | "follows" | "customer";

/** What the form says of whoever calls, when they are a customer on file. */
export function onFile(customer: CustomerOnFile): Pick<Values, Whose> {
  const { id, name, phones, address } = customer;
  const typed = phones?.map((phone) => phone.typed) ?? [];
  return {
    customer_id: id,
    asset_id: "",
    site_id: "",
    follows: "",
    customer: { name: name ?? "", phones: typed, address: address ?? "" },
  };
}

/** Whether nothing was written that is worth a draft. */
export function isBlank({ customer, summary, requirements, region, contract }: Values): boolean {
  const written = [customer.name, ...customer.phones, customer.address, summary, requirements, region, contract];
  return !written.some((text) => text?.trim());
}

function said(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim()));
}
