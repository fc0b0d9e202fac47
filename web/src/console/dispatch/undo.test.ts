import { expect, test } from "vitest";
import { backOf, type Done, withMove, withoutMove } from "./undo";
import { planned, unassigned, type WorkOrder } from "./visit";

const NINE = Date.parse("2027-03-04T09:00:00Z");
const HOUR = 3_600_000;
const waiting = { id: "w1", status: "created", engineer_id: null, appointment: null } as WorkOrder;
const planOf = (engineerId: string, start = NINE) => ({ engineerId, start, end: start + HOUR, confirmed: false });
const made = (order: WorkOrder, plan: Done["plan"], etag: string): Done => ({ order, plan, etag });

const first = made(waiting, planOf("ida"), '"3"');
const second = made(planned(waiting, planOf("ida")), planOf("lea", NINE + HOUR), '"5"');

test("a first plan is undone by taking the engineer away, a later one by the plan before", () => {
  expect(backOf(first)).toMatchObject({ plan: null, undoes: { etag: '"3"' } });
  expect(backOf(second)?.plan).toEqual(planOf("ida"));
  expect(backOf(second)?.order.engineer_id).toBe("lea");
});

test("an unassignment is undone by the plan that stood", () => {
  const visit = planned(waiting, planOf("ida"));
  expect(backOf(made(visit, null, '"4"'))).toMatchObject({ plan: planOf("ida"), order: unassigned(visit) });
});

test("a visit of somebody at no time yet has no plan to go back to", () => {
  const untimed = { ...waiting, status: "assigned", engineer_id: "ida" } as WorkOrder;
  expect(withMove([], made(untimed, planOf("lea"), '"4"'))).toEqual([]);
});

test("moves are undone one after the other, each as of what the last one left", () => {
  const moves = withMove(withMove([], first), second);
  expect(moves).toEqual([first, second]);
  expect(withoutMove(moves, second, '"7"')).toEqual([{ ...first, etag: '"7"' }]);
});

test("what was moved by somebody else in between cannot be undone beyond that", () => {
  const elsewhere = made(planned(waiting, planOf("max")), planOf("lea"), '"9"');
  expect(withMove([first], elsewhere)).toEqual([elsewhere]);
});

test("what could not be undone is forgotten, and other visits stay", () => {
  const other = made({ ...waiting, id: "w2" }, planOf("ida"), '"2"');
  expect(withoutMove([other, first], first)).toEqual([other]);
});

test("the last ten are kept", () => {
  const many = Array.from({ length: 12 }, (_, number) => made({ ...waiting, id: `w${number}` }, planOf("ida"), "x"));
  expect(many.reduce<Done[]>(withMove, [])).toEqual(many.slice(2));
});
