import { expect, test } from "vitest";
import { dayIn, dayOf, hoursOf, later, snapped, startOf, upcoming } from "./day";
import { lanesOf, sorted, stacked } from "./lanes";
import { breaksPromise, type Engineer, planAt, planned, type WorkOrder } from "./visit";

const HOUR = 3_600_000;
const NINE = startOf("2027-03-04") + 9 * HOUR;
const iso = (instant: number) => new Date(instant).toISOString();

function visit(id: string, engineer: string | null, start: number, hours: number, confirmed = true): WorkOrder {
  return {
    id,
    engineer_id: engineer,
    ticket_id: id,
    customer_id: id,
    visit: 1,
    job_type: "repair",
    skills: [],
    status: engineer ? "assigned" : "created",
    appointment: { start: iso(start), end: iso(start + hours * HOUR), confirmed },
    proposal: null,
    wish: null,
    paused: false,
    pause_reason: null,
    pause_note: null,
    result: null,
    signed_by: null,
    rejection_reasons: null,
    rework_of: null,
    rework_work_order_id: null,
    crew_confirmed_at: null,
    conduct: null,
    follows: null,
    awaits: null,
    decline_reason: null,
    decline_note: null,
    called_at: null,
    call_outcome: null,
    call_note: null,
    failure_reason: null,
    next_step: null,
    failure_note: null,
    next_work_order_id: null,
    arrived_at: null,
    completed_at: null,
    version: 1,
    opened_at: iso(NINE),
  };
}

function engineer(id: string, name: string | null): Engineer {
  return { id, name, skills: [], region: "华北", actor_id: null, version: 1, opened_at: iso(NINE) };
}

const rowsOf = (orders: WorkOrder[]) => {
  const visits = orders.map((order) => ({ order, slot: { ...times(order), confirmed: true } }));
  return stacked(visits).map(({ order, row }) => [order.id, row]);
};
const times = ({ appointment }: WorkOrder) => ({
  start: Date.parse(appointment?.start ?? ""),
  end: Date.parse(appointment?.end ?? ""),
});

test("a time goes to the nearest quarter of an hour", () => {
  const minutes = (count: number) => NINE + count * 60_000;
  expect([7, 8, 22, 23].map((count) => snapped(minutes(count)))).toEqual([0, 15, 15, 30].map(minutes));
  expect([0, 1, 15].map((count) => upcoming(minutes(count)))).toEqual([0, 15, 15].map(minutes));
});

test("a day is followed by the next one, over the end of a month, and nonsense is no day", () => {
  expect([later("2027-02-28", 1), later("2027-03-01", -1)]).toEqual(["2027-03-01", "2027-02-28"]);
  expect(dayOf(startOf("2027-03-04"))).toBe("2027-03-04");
  expect([dayIn("2027-02-30"), dayIn("today"), dayIn(["2027-03-04"])]).toEqual([null, null, null]);
  expect(hoursOf("2027-03-04")[9]).toBe(NINE);
});

test("visits that overlap lie below each other, and a row is used again", () => {
  const overlapping = [visit("b", "e", NINE + HOUR, 2), visit("a", "e", NINE, 2), visit("c", "e", NINE + 2 * HOUR, 1)];
  expect(rowsOf(overlapping)).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 0],
  ]);
});

test("a lane has the visits that reach into the day, and who has most to do comes first", () => {
  const [start, end] = [startOf("2027-03-04"), startOf("2027-03-05")];
  const people = [engineer("1", "安娜"), engineer("2", "李强")];
  const orders = [
    visit("overnight", "2", start - HOUR, 2),
    visit("tomorrow", "2", end, 1),
    visit("waiting", null, NINE, 1),
    visit("morning", "2", NINE, 1),
  ];
  const lanes = lanesOf(people, orders, start, end);
  expect(lanes.map(({ visits }) => visits.map(({ order }) => order.id))).toEqual([[], ["overnight", "morning"]]);
  expect(lanes[1]?.busy).toBe(3 * HOUR);
  expect(sorted(lanes, "load", "zh-CN").map((lane) => lane.engineer.id)).toEqual(["2", "1"]);
  expect(sorted(lanes, "name", "zh-CN").map((lane) => lane.engineer.id)).toEqual(["1", "2"]);
});

test("an agreed time is kept when another person goes, and asked about when it moves", () => {
  const agreed = visit("a", "1", NINE, 2);
  const [person, time] = [planAt(agreed, "2", NINE), planAt(agreed, "1", NINE + HOUR)];
  expect([person.confirmed, breaksPromise(agreed, person)]).toEqual([true, false]);
  expect([time.confirmed, breaksPromise(agreed, time)]).toEqual([false, true]);
  expect(time.end - time.start).toBe(2 * HOUR);
});

test("a time that is only offered stands beside the one that was agreed", () => {
  const agreed = visit("a", "1", NINE, 2);
  const offer = planned(agreed, planAt(agreed, "2", NINE + HOUR));
  expect([offer.engineer_id, offer.appointment, offer.proposal?.confirmed]).toEqual(["2", agreed.appointment, false]);
  const first = planned({ ...agreed, appointment: null }, planAt(agreed, "2", NINE));
  expect([first.appointment?.confirmed, first.proposal]).toEqual([true, null]);
});
