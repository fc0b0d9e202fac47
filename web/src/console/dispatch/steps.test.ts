import { expect, test, vi } from "vitest";

vi.hoisted(() => vi.stubGlobal("location", new URL("http://console.test/")));

import { linesOf } from "../../lib/lines";
import type { Person } from "../../lib/person";
import { codedAct } from "../../lib/visitSteps";
import { BLANK, isFilledIn } from "./site";
import { type Step, stepsOn } from "./steps";
import type { WorkOrder } from "./visit";

const order = (changed: Partial<WorkOrder>) =>
  ({ engineer_id: "1", paused: false, crew_confirmed_at: null, ...changed }) as WorkOrder;
const person = (...roles: string[]) =>
  ({ subject: "s", name: "n", roles, region: null, locale: null, draft_key: "" }) satisfies Person;

test.each<[WorkOrder["status"], boolean, Step[]]>([
  ["assigned", false, ["departure", "arrival", "customer-call", "confirmation", "decline"]],
  ["travelling", false, ["arrival", "customer-call", "failure"]],
  ["on_site", false, ["completion", "pause", "failure"]],
  ["on_site", true, ["resumption", "failure"]],
  ["failed", false, []],
  ["completed", false, ["acceptance", "rejection"]],
  ["accepted", false, []],
  ["cancelled", false, []],
])("of a visit that is %s (paused: %s) an engineer may do %j", (status, paused, steps) => {
  expect(stepsOn(order({ status, paused }), person("engineer"))).toEqual(steps);
});

test("plans are the office's, and nobody is taken off a visit that is nobody's", () => {
  expect(stepsOn(order({ status: "created", engineer_id: null }), person("dispatcher"))).toEqual(["plan"]);
  expect(stepsOn(order({ status: "assigned" }), person("manager")).slice(0, 2)).toEqual(["plan", "unassignment"]);
  expect(stepsOn(order({ status: "travelling" }), person("dispatcher"))).toEqual([
    "arrival",
    "customer-call",
    "failure",
  ]);
  expect(stepsOn(order({ status: "assigned" }), person("agent", "auditor"))).toEqual([]);
});

test("a step is sent once all is filled in that it needs", () => {
  expect([isFilledIn("departure", BLANK), isFilledIn("arrival", BLANK), isFilledIn("rejection", BLANK)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(isFilledIn("arrival", { ...BLANK, latitude: "39.9", longitude: "116.4" })).toBe(true);
  expect(isFilledIn("acceptance", { ...BLANK, signedBy: "王芳" })).toBe(false);
  expect(isFilledIn("failure", BLANK)).toBe(true);
  expect(codedAct("failure", { next_step: "await_parts" }, " ").body).toEqual({
    reason: "customer_absent",
    next_step: "await_parts",
  });
  expect(linesOf(" noise \n\n leak")).toEqual(["noise", "leak"]);
});
