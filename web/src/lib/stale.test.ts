import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keysOf, type Told } from "./stale";

const schemas = new URL("../../../docs/events/schemas/", import.meta.url);
const published = readdirSync(schemas);

/** The news of an event of this type, with a work order's id if it is about one. */
function told(type: string): Told {
  const isOfVisit = readFileSync(new URL(`${type}/1.json`, schemas), "utf-8").includes('"work_order_id"');
  return { type, ticket_id: "t1", ...(isOfVisit && { work_order_id: "w1" }) };
}

test("every event that a service publishes is known", () => {
  expect(published.length).toBeGreaterThan(50);
  expect(published.filter((type) => !keysOf(told(type)))).toEqual([]);
});

test("every event of a visit makes that visit stale", () => {
  const visits = published.filter((type) => type.startsWith("dispatch.") && told(type).work_order_id);
  expect(visits.length).toBeGreaterThan(15);
  expect(visits.filter((type) => !keysOf(told(type))?.now.some(([word]) => word === "work-order"))).toEqual([]);
});

test("an event makes the list and the one object stale, and what others show of it a little later", () => {
  expect(keysOf(told("dispatch.CrewAssigned"))).toEqual({
    now: [["work-orders"], ["work-order", "w1"], ["workload"]],
    later: [["tickets"], ["ticket", "t1"], ["history", "t1"]],
  });
});

test("a ticket that ends or is opened again changes triage's case, which says nothing of it", () => {
  for (const name of ["TicketClosed", "TicketCancelled", "TicketMarkedDuplicate", "TicketUnmerged", "TicketReopened"]) {
    expect(keysOf({ type: `intake.${name}`, ticket_id: "t1" })?.later).toEqual([["cases"], ["case", "t1"]]);
  }
});

test("what is about no one object makes all of them stale", () => {
  expect(keysOf({ type: "intake.CustomerErased" })?.now).toContainEqual(["ticket"]);
});

test("a type of a newer service is not known", () => {
  expect(keysOf({ type: "intake.TicketSplit", ticket_id: "t1" })).toBeUndefined();
});
