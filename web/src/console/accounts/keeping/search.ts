import { isId } from "../../../lib/address";

/** The contract that a new one is to extend, as the address says it. */
export function extendedIn({ extends: id }: Record<string, unknown>): { extends?: string } {
  return typeof id === "string" && isId(id) ? { extends: id } : {};
}
