import { isId } from "../../lib/address";
import type { Service } from "./imports";

interface ImportSearch {
  service?: Service;
  id?: string;
}

/** Which import is looked at: it stands in the address, so that a reload shows it again. */
export function importSearch(given: Record<string, unknown>): ImportSearch {
  const { service, id } = given;
  if ((service !== "intake" && service !== "dispatch") || typeof id !== "string" || !isId(id)) return {};
  return { service, id };
}
