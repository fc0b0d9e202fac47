import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import type { StoryItem } from "./history";
import { byDay, factsOf, isRecordedLater } from "./story";

const event: StoryItem = {
  id: "01955c1e-7b00-7000-8000-000000000001",
  type: "dispatch.WorkPaused",
  source: "dispatch",
  occurred_at: "2026-03-02T15:59:00Z",
  recorded_at: "2026-03-02T15:59:01Z",
  type_version: 1,
  fields: {},
  actor: null,
  actor_name: null,
  people: {},
  skew_ms: null,
};
const zone = "Asia/Shanghai";

beforeAll(async () => {
  await i18next.init({ lng: "zh-CN" });
});

test("codes are said in words, ids are not said", () => {
  const fields = { reason: "waiting_parts", work_order_id: "01955c1e-7b00-7000-8000-000000000002", level: 2 };
  expect(factsOf({ ...event, fields }, zone)).toEqual(["待备件", "P2"]);
});

test("an amendment says what is other now, and what was before", () => {
  const fields = { kind: "repair", urgency: null, region: "华东", before: { kind: "consultation", region: null } };
  expect(factsOf({ ...event, type: "intake.TicketAmended", fields }, zone)).toEqual(["维修 ← 咨询", "华东 ← –"]);
});

test("an owner is said by name, and nobody as what that means", () => {
  const said = (fields: Record<string, unknown>) => factsOf({ ...event, fields, people: { "7": "王芳" } }, zone);
  expect(said({ owner_id: "7", late: false })).toEqual(["王芳"]);
  expect([said({ owner_id: "8" }), said({ owner_id: null })]).toEqual([["owner.unknown"], ["owner.nobody"]]);
});

test("what happened before and after midnight at the site is of two days", () => {
  const next = { ...event, id: "2", occurred_at: "2026-03-02T16:00:00Z" };
  expect(byDay([event, next], zone).map(([, events]) => events.length)).toEqual([1, 1]);
});

test("what a phone without a network told later is marked", () => {
  expect(isRecordedLater(event)).toBe(false);
  expect(isRecordedLater({ ...event, recorded_at: "2026-03-02T18:00:00Z" })).toBe(true);
});
