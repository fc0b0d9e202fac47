import { isId } from "../../lib/address";

interface RegisterSearch {
  /** The ticket that the new one follows. */
  follows?: string;
}

/** Which ticket the new one follows: it stands in the address. */
export function registerSearch({ follows }: Record<string, unknown>): RegisterSearch {
  return isId(follows) ? { follows } : {};
}
