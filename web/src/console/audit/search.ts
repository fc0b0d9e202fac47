import { isId } from "../../lib/address";
import { isKind, type RecordKind } from "./kinds";

/** Which ticket or other record is looked at, and as it was known when. */
export interface AuditSearch {
  ticket?: string;
  kind?: RecordKind;
  id?: string;
  /** An instant; without it as it is known now. */
  at?: string;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export function auditSearch({ ticket, kind, id, at }: Record<string, unknown>): AuditSearch {
  return {
    ...(isId(ticket) && { ticket }),
    ...(isKind(kind) && isOf(kind, id) && { kind, id }),
    ...(typeof at === "string" && !Number.isNaN(Date.parse(at)) && { at }),
  };
}

/** Rules have names that their authors chose, all else has ids. */
export function isOf(kind: RecordKind, id: unknown): id is string {
  return kind === "policy" || kind === "calendar" ? typeof id === "string" && NAME.test(id) : isId(id);
}
