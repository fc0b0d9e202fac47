import { known } from "../../lib/address";
import { every } from "../../lib/every";
import type { RuleStatus } from "./policies";

const STATUSES = every<RuleStatus>({ draft: true, approved: true, published: true, retired: true });

/** Which rules the lists show; all of them where the address does not say. */
export interface RulesSearch {
  status?: RuleStatus;
}

export function rulesSearch({ status }: Record<string, unknown>): RulesSearch {
  const [wanted] = known(status, STATUSES);
  return wanted ? { status: wanted } : {};
}

/** What the addresses of rules ask for; what nobody knows asks for nothing. */
export interface PolicySearch {
  /** A version by its number, or the draft; without it what is in force. */
  show?: number | "draft";
}

export function policySearch({ show }: Record<string, unknown>): PolicySearch {
  if (show === "draft") return { show };
  const number = Number(show);
  return Number.isInteger(number) && number > 0 ? { show: number } : {};
}

export interface DraftSearch {
  preset?: string;
}

export function draftSearch({ preset }: Record<string, unknown>): DraftSearch {
  return typeof preset === "string" && ID.test(preset) ? { preset } : {};
}

export interface CalendarSearch {
  /** As clocks say it: `cn-office/2`, or `demo/1#office`. */
  name?: string;
  year?: number;
}

export function calendarSearch({ name, year }: Record<string, unknown>): CalendarSearch {
  const wanted = Number(year);
  const isYear = Number.isInteger(wanted) && wanted >= 1970 && wanted < 2200;
  return { ...(typeof name === "string" && { name }), ...(isYear && { year: wanted }) };
}

/** The rules to try, and on what: a published version, `preset:pp-05`, or what is in force. */
export interface TrySearch {
  one?: string;
  other?: string;
  level?: number;
  /** As `datetime-local` has it, in the reader's zone. */
  start?: string;
}

export function trySearch({ one, other, level, start }: Record<string, unknown>): TrySearch {
  const wanted = Number(level);
  return {
    ...(typeof one === "string" && one && { one }),
    ...(typeof other === "string" && other && { other }),
    ...([1, 2, 3, 4].includes(wanted) && { level: wanted }),
    ...(typeof start === "string" && !Number.isNaN(Date.parse(start)) && { start }),
  };
}

export const ID = /^[a-z][a-z0-9-]{0,39}$/;
