import type { Problem } from "../lib/problem";
import type { Act } from "../lib/visitSteps";

/** A step as it was taken on this phone. */
export type Command = Act & {
  /** Its Idempotency-Key. */
  id: string;
  work_order_id: string;
  /** When, by this phone's clock: milliseconds since 1970. */
  at: number;
  /** When, by the server's clock. Set before it is sent first and never again: one key has one body. */
  occurred_at?: string;
  /** Why it was not carried out. */
  refusal?: Problem;
};

/** A command and its place in the log. */
export interface Entry {
  order: number;
  command: Command;
}
