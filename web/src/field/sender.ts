import type { components } from "../api/dispatch.gen";
import { body, dispatch, command as headers } from "../lib/clients";
import { current } from "../lib/now";
import { type Problem, problemOf, unreachable } from "../lib/problem";
import { type Outcome, outcomeOf } from "./answer";
import type { Command, Entry } from "./command";
import type { Engineer } from "./database";
import { nextOf } from "./lanes";
import { change, logOf, settle } from "./outbox";

/** Milliseconds after which an answer is not waited for any more: the command is sent again with its key. */
const PATIENCE = 30_000;

/**
 * Sends what can be sent, one after the other, dated by one reading of the server's clock, so that the steps of a visit
 * stay in their order; `told` is called after each. Answers whether nothing has to wait.
 */
export async function drain(engineer: Engineer, told: () => Promise<void>): Promise<boolean> {
  const waiting = new Set<string>();
  const ahead = current() - Date.now();
  for (;;) {
    const next = nextOf(await logOf(engineer), waiting);
    if (!next) return waiting.size === 0;
    const outcome = await carryOut(engineer, next, ahead);
    if (outcome === "wait") return false;
    if (outcome === "later") waiting.add(next.command.work_order_id);
    await told();
  }
}

async function carryOut(engineer: Engineer, next: Entry, ahead: number): Promise<Outcome> {
  const entry = await dated(engineer, next, ahead);
  const problem = await send(entry.command);
  const outcome = outcomeOf(problem);
  if (outcome === "done") await settle(engineer, entry);
  if (outcome === "refused" && problem) await change(engineer, refused(entry, problem));
  return outcome;
}

/** With the instant by the server's clock, which this phone may have learned only now. */
async function dated(engineer: Engineer, { order, command }: Entry, ahead: number): Promise<Entry> {
  if (command.occurred_at) return { order, command };
  const entry = { order, command: { ...command, occurred_at: new Date(command.at + ahead).toISOString() } };
  await change(engineer, entry);
  return entry;
}

async function send({ id, work_order_id, step, body: said, occurred_at }: Command): Promise<Problem | null> {
  // The types of one step stand for those of all: `Act` holds step and body together.
  const path = `/v1/work-orders/{work_order_id}/${step}` as "/v1/work-orders/{work_order_id}/arrival";
  const whole = { ...said, occurred_at } as components["schemas"]["Arrival"];
  const sent = { params: { path: { work_order_id } }, headers: headers(id), body: whole };
  try {
    await body(dispatch.POST(path, { ...sent, signal: AbortSignal.timeout(PATIENCE) }));
    return null;
  } catch (error) {
    return problemOf(error) ?? unreachable;
  }
}

function refused({ order, command }: Entry, refusal: Problem): Entry {
  return { order, command: { ...command, refusal } };
}
