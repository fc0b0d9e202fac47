import { known } from "../../lib/address";
import { dayIn } from "./day";
import type { Sort } from "./lanes";
import type { SpanName } from "./span";

/** What the board shows, as the address says it; a value that makes no sense asks for nothing. */
export interface BoardSearch {
  /** Today where it is left out. */
  day?: string;
  /** One day where it is left out. */
  span?: Exclude<SpanName, "day">;
  sort?: Sort;
  skill?: string;
}

export function boardSearch(search: Record<string, unknown>): BoardSearch {
  const day = dayIn(search.day);
  const [span] = known<"days" | "week">(search.span, ["days", "week"]);
  const [sort] = known<Sort>(search.sort, ["load"]);
  const skill = typeof search.skill === "string" ? search.skill.trim() : "";
  return { ...(day && { day }), ...(span && { span }), ...(sort && { sort }), ...(skill && { skill }) };
}
