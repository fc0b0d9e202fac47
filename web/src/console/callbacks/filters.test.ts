import { expect, test } from "vitest";
import { askedFor, filtersIn, stageOf, viewOf } from "./filters";

const NOW = Date.parse("2026-11-30T08:00:00Z");
const call = (due_at: string, status = "scheduled") => stageOf({ status, due_at }, NOW);

test("without a view the list is what is due, and what nobody knows asks for nothing", () => {
  expect(viewOf(filtersIn({ view: "lost", owner: "you" }))).toBe("due");
  expect(filtersIn({ view: "due", owner: "me" })).toEqual({ owner: "me" });
  expect(filtersIn({ view: "overdue" })).toEqual({ view: "overdue" });
});

test("overdue is what has been due for a day", () => {
  expect(askedFor("overdue", NOW)).toEqual({ status: ["scheduled"], due_to: "2026-11-29T08:00:00.000Z" });
  expect(call("2026-11-29T07:00:00Z")).toBe("overdue");
  expect(call("2026-11-30T07:00:00Z")).toBe("due");
  expect(call("2026-11-30T08:00:30Z")).toBe("due");
  expect(call("2026-11-30T09:00:00Z")).toBe("later");
  expect(askedFor("later", NOW)).toEqual({ status: ["scheduled"], due_from: "2026-11-30T08:01:00.000Z" });
  expect(call("2026-11-29T07:00:00Z", "completed")).toBe("done");
});
