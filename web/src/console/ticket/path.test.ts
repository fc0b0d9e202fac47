import { expect, test } from "vitest";
import { codes } from "../labels";
import { actsOn } from "./acts";
import { pathOf } from "./path";

test.each(codes("ticket_status"))("the way of a ticket shows %s when it is there", (status) => {
  expect(pathOf(status)).toContain(status);
});

test("a question goes from open to closed", () => {
  expect(pathOf("open", "consultation")).toEqual(["open", "closed"]);
  expect(pathOf("open", "repair").length).toBeGreaterThan(2);
});

test("what has ended takes no more acts, and what is done is closed first", () => {
  expect([actsOn("closed"), actsOn("cancelled")]).toEqual([[], []]);
  expect(actsOn("repaired")[0]).toBe("close");
  expect(actsOn("accepted")).toEqual(["close"]);
});
