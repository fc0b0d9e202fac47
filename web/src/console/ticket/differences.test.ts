import { expect, test } from "vitest";
import { differences, matters } from "./differences";
import type { TicketDetails } from "./ticket";

const ticket = {
  status: "open",
  urgency: "normal",
  kind: "repair",
  warranty: { verdict: "unknown", reasons: [] },
  region: null,
  contract: null,
  summary: "空调不制冷",
  requirements: null,
  owner_id: null,
  owner_name: null,
  customer: null,
} as unknown as TicketDetails;

test("a ticket that triage has on its list since is the ticket that was to be cancelled", () => {
  const now = { ...ticket, status: "in_triage" } as TicketDetails;
  expect(differences(ticket, now).map(({ field }) => field)).toEqual(["status"]);
  expect(matters("cancel", ticket, now)).toBe(false);
});

test("whoever is on the way, an owner, or other words are to be seen before it is cancelled", () => {
  for (const change of [{ status: "on_site" }, { owner_id: "7" }, { summary: "漏水" }, { status: "accepted" }])
    expect(matters("cancel", ticket, { ...ticket, ...change } as TicketDetails)).toBe(true);
});

test("nothing that differs keeps nobody from it, but an act that is not offered any more", () => {
  expect(matters("cancel", ticket, { ...ticket })).toBe(false);
  expect(matters("close", ticket, { ...ticket, status: "in_triage" } as TicketDetails)).toBe(true);
});
