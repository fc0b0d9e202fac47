import { expect, test } from "vitest";
import { amendment, saidOf } from "./amendment";
import type { TicketDetails } from "./ticket";

const TICKET = {
  kind: "consultation",
  urgency: "normal",
  region: null,
  contract: "HT-1",
  summary: "怎么清洗",
} as TicketDetails;

test("an amendment says what is other than before, and why", () => {
  const values = { ...saidOf(TICKET), kind: "repair" as const, region: "华东" };
  expect(amendment(TICKET, values, "是漏水")).toEqual({ reason: "是漏水", kind: "repair", region: "华东" });
});

test("what was emptied stays as it was", () => {
  expect(amendment(TICKET, { ...saidOf(TICKET), contract: " " }, "无")).toEqual({ reason: "无" });
});
