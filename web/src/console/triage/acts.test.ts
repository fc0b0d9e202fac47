import { expect, test } from "vitest";
import { actsOn } from "./acts";

test("a new case is classified first, and not authorised before", () => {
  expect(actsOn({ status: "open", level: null })).toEqual(["classify", "startRemote", "findCause"]);
});

test("work is authorised while remote support is under way only once there is a level", () => {
  expect(actsOn({ status: "remote_support", level: null })).not.toContain("authorise");
  expect(actsOn({ status: "remote_support", level: 2 })).toContain("authorise");
});

test("nothing is authorised twice, nor after remote support resolved it, and nothing is done with what has ended", () => {
  expect(actsOn({ status: "authorised", level: 1 })).not.toContain("authorise");
  expect(actsOn({ status: "resolved_remotely", level: 1 })).not.toContain("authorise");
  expect(actsOn({ status: "ended", level: 1 })).toEqual([]);
});
