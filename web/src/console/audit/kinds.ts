/** What is audited beside tickets. */
export const KINDS = ["work_order", "customer", "contract", "asset", "model", "policy", "calendar"] as const;

export type RecordKind = (typeof KINDS)[number];

/** Who sees what became of these. */
export const MAY_SEE_RECORDS = ["auditor", "manager"];

export function isKind(value: unknown): value is RecordKind {
  return KINDS.some((kind) => kind === value);
}
