import { expect, test } from "vitest";
import type { SharedCalendar } from "./policies";
import {
  type Change,
  calendarIn,
  draftIn,
  hoursIn,
  nextOf,
  questionOf,
  replaySearch,
  rulesOf,
  sorted,
  turnOf,
  whatIfSearch,
} from "./whatIf";

const TICKET = "01955c1e-7b00-7000-8000-000000000001";
const late = { breached: true } as Change["was"];
const kept = { breached: false } as Change["was"];

function change(was: Change["was"], would_be: Change["was"], metric = "fix"): Change {
  return { ticket_id: TICKET, metric, was, would_be };
}

test("an address of a what-if asks for what it says, and nonsense asks for nothing", () => {
  expect(whatIfSearch({ rules: "draft:demo", from: "2026-03-01", to: "2026-03-31" })).toEqual({
    rules: "draft:demo",
    from: "2026-03-01",
    to: "2026-03-31",
  });
  expect(whatIfSearch({ rules: "demo/0", from: "2026-13-01", to: "soon" })).toEqual({});
  expect(replaySearch({ clock: `${TICKET}/on_site` })).toEqual({ clock: `${TICKET}/on_site` });
  expect(replaySearch({ clock: TICKET })).toEqual({});
});

test("the last day is asked for as a whole", () => {
  const { from, to } = questionOf({ policy: "demo/1" }, "2026-03-01", "2026-03-01");
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 3_600_000);
  expect(new Date(from).getHours()).toBe(0);
});

test("a calendar's draft is asked for by its hours alone", () => {
  const calendar = { id: "cn-office", version: 2, title: { en: "Office" }, note: "", timezone: "Asia/Shanghai" };
  const hours = hoursIn(calendar as unknown as SharedCalendar);
  expect(hours).toEqual({ timezone: "Asia/Shanghai" });
  expect(whatIfSearch({ rules: "calendar:cn-office" })).toEqual({ rules: "calendar:cn-office" });
  expect([calendarIn("calendar:cn-office"), calendarIn("draft:demo"), draftIn("calendar:cn-office")]).toEqual([
    "cn-office",
    null,
    null,
  ]);
  expect(questionOf({ calendars: { "cn-office": hours } }, "2026-03-01", "2026-03-01")).not.toHaveProperty("policy");
});

test("a replay is named by its policies, and by the calendars that were drafts", () => {
  expect(rulesOf({ policies: ["demo/1"], calendars: ["cn-office/draft", "cn-field/2"] })).toBe(
    "demo/1, cn-office/draft",
  );
});

test("a draft is told from a published version", () => {
  expect(draftIn("draft:demo")).toBe("demo");
  expect(draftIn("demo/2")).toBeNull();
  expect([nextOf([]), nextOf([1, 3])]).toEqual([1, 4]);
});

test("a clock that there would not be is late no longer", () => {
  expect(turnOf(change(kept, late))).toBe("late");
  expect(turnOf(change(null, late))).toBe("late");
  expect(turnOf(change(late, null))).toBe("inTime");
});

test("what becomes late comes first", () => {
  const changes = [change(late, kept, "a"), change(kept, late, "b"), change(late, null, "c"), change(null, late, "d")];
  expect(sorted(changes).map(({ metric }) => metric)).toEqual(["b", "d", "a", "c"]);
});
