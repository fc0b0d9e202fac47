import { expect, test } from "vitest";
import { addressOf, formsOf } from "./forms";

test("a visit has its task order from the beginning, what is signed once it is done, and nothing when it is cancelled", () => {
  expect(formsOf("created")).toEqual(["maintenance-task-order"]);
  expect(formsOf("completed")).toEqual(["maintenance-task-order", "maintenance-acceptance", "user-opinion-feedback"]);
  expect(formsOf("cancelled")).toEqual([]);
});

test("a form stands at the gateway under its name and the work order", () => {
  expect(addressOf("maintenance-acceptance", "7")).toBe("/documents/maintenance-acceptance/7.pdf");
});
