import { expect, test } from "vitest";
import { through, unseen, without } from "./selection";

const rows = ["a", "b", "c", "d"].map((id) => ({ id }));
const ids = (found: { id: string }[]) => found.map(({ id }) => id).join("");

test("a range has both its ends, whichever was first", () => {
  expect(ids(through(rows, "b", "d"))).toBe("bcd");
  expect(ids(through(rows, "d", "b"))).toBe("bcd");
});

test("without a beginning in the list a range is one row", () => {
  expect(ids(through(rows, null, "c"))).toBe("c");
  expect(ids(through(rows, "gone", "c"))).toBe("c");
  expect(ids(through(rows, "a", "gone"))).toBe("");
});

test("what was chosen and is not in the list any more is counted", () => {
  expect(unseen(["a", "gone"], rows)).toBe(1);
});

test("what was done is not chosen any more, and what was chosen meanwhile still is", () => {
  const chosen = new Map(rows.map((row) => [row.id, row]));
  expect([...without(chosen, ["a", "c"]).keys()]).toEqual(["b", "d"]);
});
