import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { keysOf } from "./stale";

const published = readdirSync(new URL("../../../docs/events/schemas", import.meta.url));

test("every event that a service publishes is known", () => {
  expect(published.length).toBeGreaterThan(50);
  expect(published.filter((type) => !keysOf({ type }))).toEqual([]);
});

test("an event makes the list and the one object stale, and what others show of it a little later", () => {
  const told = { type: "dispatch.CrewAssigned", ticket_id: "t1", work_order_id: "w1" };
  expect(keysOf(told)).toEqual({
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
