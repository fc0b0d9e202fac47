import { known } from "../../lib/address";
import { dayIn } from "./day";
import type { Sort } from "./lanes";

/** What the board shows, as the address says it; a value that makes no sense asks for nothing. */
export interface BoardSearch {
  /** Today where it is left out. */
  day?: string;
  sort?: Sort;
  skill?: string;
}

export function boardSearch(search: Record<string, unknown>): BoardSearch {
  const day = dayIn(search.day);
  const [sort] = known<Sort>(search.sort, ["load"]);
  const skill = typeof search.skill === "string" ? search.skill.trim() : "";
  return { ...(day && { day }), ...(sort && { sort }), ...(skill && { skill }) };
}
