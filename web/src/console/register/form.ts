import type { components } from "../../api/intake.gen";

type NewTicket = components["schemas"]["NewTicket"];

/** The form as it is filled in; its shape is the command's. */
export interface Values {
  customer: { name: string; phones: string[]; address: string };
  channel: NewTicket["channel"];
  kind: NewTicket["kind"];
  urgency: NonNullable<NewTicket["urgency"]>;
  summary: string;
  requirements: string;
  region: string;
  contract: string;
}

export const BLANK: Values = {
  customer: { name: "", phones: [""], address: "" },
  channel: "phone",
  kind: "repair",
  urgency: "normal",
  summary: "",
  requirements: "",
  region: "",
  contract: "",
};

/** The command: what was left empty is not said. */
export function newTicket(values: Values): NewTicket {
  const { requirements, region, contract, ...rest } = values;
  return { ...rest, ...said({ requirements, region, contract }) };
}

/** Whether there is anything to keep as a draft. */
export function isBlank(values: Values): boolean {
  return JSON.stringify(values) === JSON.stringify(BLANK);
}

function said(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim()));
}
