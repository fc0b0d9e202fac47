import { expect, test } from "vitest";
import { papersOf } from "./papers";

const opened = { type: "intake.TicketOpened", fields: { number: "WX20261128-0042" } };
const closed = (answer: string | null) => ({ type: "intake.TicketClosed", fields: { answer_id: answer } });

test("a ticket has its receipt once an answer closed it, and not when it was closed after a repair", () => {
  expect(papersOf([opened, closed("a1")])).toContain("customer-receipt");
  expect(papersOf([opened, closed(null)])).toEqual(papersOf([opened]));
  expect(papersOf([])).toEqual(["customer-feedback-register", "repair-feedback"]);
});
