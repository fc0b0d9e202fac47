import { isId } from "../../lib/address";

/** Which ticket is looked at, and as it was known when. */
export interface AuditSearch {
  ticket?: string;
  /** An instant; without it as it is known now. */
  at?: string;
}

export function auditSearch({ ticket, at }: Record<string, unknown>): AuditSearch {
  return {
    ...(isId(ticket) && { ticket }),
    ...(typeof at === "string" && !Number.isNaN(Date.parse(at)) && { at }),
  };
}
