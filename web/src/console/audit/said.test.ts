import { expect, test } from "vitest";
import type { RecordEvent } from "./records";
import { saidBy } from "./said";

function event(type: string, fields: Record<string, unknown>): RecordEvent {
  return { type, fields } as RecordEvent;
}

test("people and sites are counted who were noted and not removed", () => {
  const noted = ["a", "b", "a"].map((id) => event("intake.PersonNoted", { person: { id } }));
  const place = event("intake.SiteNoted", { site: { id: "s" } });
  const gone = event("intake.PersonRemoved", { person_id: "a" });
  expect(saidBy([...noted, place])).toMatchObject({ people: 2, sites: 1 });
  expect(saidBy([...noted, place, gone])).toMatchObject({ people: 1, sites: 1 });
});

test("a rule's last document and number are its own, whatever step came last", () => {
  const drafted = event("sla.PolicyDrafted", { document: { id: "a" } });
  const published = event("sla.PolicyPublished", { number: 2, document: { id: "b" } });
  expect(saidBy([drafted])).toMatchObject({ number: null, document: { id: "a" } });
  expect(saidBy([drafted, published, event("sla.PolicyApproved", {})])).toMatchObject({
    number: 2,
    document: { id: "b" },
  });
});
