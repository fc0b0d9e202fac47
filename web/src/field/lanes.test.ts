import { expect, test } from "vitest";
import type { Act } from "../lib/visitSteps";
import type { Command, Entry } from "./command";
import { foreseen, isStopped, nextOf, type WorkOrder, waitingIn } from "./lanes";

const REFUSAL = { status: 409, code: "overlap", title: "", detail: "", trace_id: "" };
const AT = Date.parse("2027-03-01T08:00:00Z");
const ORDER = { id: "a", status: "assigned", paused: false } as WorkOrder;

const DEPARTURE: Act = { step: "departure", body: {} };
const ARRIVAL: Act = { step: "arrival", body: { latitude: 39.9, longitude: 116.4, accuracy_m: 8 } };
const PAUSE: Act = { step: "pause", body: { reason: "waiting_parts", note: "capacitor" } };
const COMPLETION: Act = { step: "completion", body: { result: "capacitor changed" } };

function logOf(...acts: [string, Act, boolean?][]): Entry[] {
  return acts.map(([work_order_id, act, isRefused], order) => {
    const command = {
      ...act,
      id: `${order}`,
      work_order_id,
      at: AT,
      ...(isRefused && { refusal: REFUSAL }),
    } as Command;
    return { order, command };
  });
}

test("commands go in the order in which they were given", () => {
  const log = logOf(["a", DEPARTURE], ["a", ARRIVAL]);
  expect(nextOf(log, new Set())).toBe(log[0]);
  expect(nextOf([], new Set())).toBeUndefined();
});

test("what was refused stops its lane, and no other", () => {
  const log = logOf(["a", DEPARTURE, true], ["a", ARRIVAL], ["b", DEPARTURE]);
  expect(nextOf(log, new Set())).toBe(log[2]);
  expect([isStopped(log, "a"), isStopped(log, "b")]).toEqual([true, false]);
  expect([waitingIn(log), waitingIn(log, "a")]).toEqual([2, 1]);
});

test("a lane that waits lets others pass", () => {
  const log = logOf(["a", DEPARTURE], ["b", DEPARTURE], ["a", ARRIVAL]);
  expect(nextOf(log, new Set(["a"]))).toBe(log[1]);
  expect(nextOf(log, new Set(["a", "b"]))).toBeUndefined();
});

test("a visit that cannot be completed is over, and one that was declined is nobody's", () => {
  const failure: Act = { step: "failure", body: { reason: "part_missing", next_step: "await_parts" } };
  const failed = foreseen(ORDER, logOf(["a", ARRIVAL], ["a", PAUSE], ["a", failure]));
  expect(failed).toMatchObject({ status: "failed", paused: false, failure_reason: "part_missing", failure_note: null });
  const call: Act = { step: "customer-call", body: { outcome: "reached", note: "at home" } };
  const decline: Act = { step: "decline", body: { reason: "unavailable" } };
  const declined = foreseen(ORDER, logOf(["a", { step: "confirmation", body: {} }], ["a", call], ["a", decline]));
  expect(declined).toMatchObject({ status: "created", engineer_id: null, call_outcome: "reached" });
  expect(declined.crew_confirmed_at).toBe("2027-03-01T08:00:00.000Z");
});

test("a page shows a visit as it will be once all is sent", () => {
  const order = foreseen(ORDER, logOf(["a", DEPARTURE], ["b", PAUSE], ["a", ARRIVAL], ["a", PAUSE]));
  expect(order).toMatchObject({ status: "on_site", arrived_at: "2027-03-01T08:00:00.000Z", pause_note: "capacitor" });
  const done = foreseen(order, logOf(["a", { step: "resumption", body: {} }], ["a", COMPLETION]));
  expect(done).toMatchObject({ status: "completed", paused: false, result: "capacitor changed" });
});

test("nothing counts from a refused step on", () => {
  expect(foreseen(ORDER, logOf(["a", DEPARTURE], ["a", ARRIVAL, true], ["a", COMPLETION])).status).toBe("travelling");
});

/** Numbers below 1 that are the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** One answer to what is next: carried out, refused, none, or somebody gives up what was refused. */
function answered(log: Entry[], done: Entry[], dice: () => number): Entry[] {
  const next = nextOf(log, new Set(dice() < 0.3 ? ["a"] : []));
  if (!next) return log.filter(({ command }) => !command.refusal);
  const fate = dice();
  if (fate < 0.5) done.push(next);
  if (fate < 0.5) return log.filter((entry) => entry !== next);
  const refused = { ...next, command: { ...next.command, refusal: REFUSAL } };
  return fate < 0.6 ? log.map((entry) => (entry === next ? refused : entry)) : log;
}

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

test.each(SEEDS)("whatever is answered, each lane keeps its order and nothing is sent twice (%i)", (seed) => {
  const dice = chance(seed);
  const lanes = Array.from({ length: 12 }, () => "abc"[Math.floor(dice() * 3)] as string);
  let log = logOf(...lanes.map((lane): [string, Act] => [lane, DEPARTURE]));
  const done: Entry[] = [];
  for (let round = 0; round < 500 && log.length > 0; round += 1) log = answered(log, done, dice);
  expect(log).toEqual([]);
  expect(new Set(done.map(({ order }) => order)).size).toBe(done.length);
  for (const lane of "abc") {
    const orders = done.filter(({ command }) => command.work_order_id === lane).map(({ order }) => order);
    expect(orders).toEqual([...orders].sort((one, other) => one - other));
  }
});
