import { expect, test } from "vitest";
import { askedFor, filtersIn, isFiltered, sheetOf, VIEWS, type View, viewOf } from "./filters";

test("an address of nonsense shows everything", () => {
  const nonsense = { status: ["nonsense", 7], urgency: "", kind: null, number: { a: 1 }, owner: "x", sort: "y" };
  expect(filtersIn({ ...nonsense, opened: "then", stage: 1, unknown: "x" })).toEqual({});
});

test("one value and several are filters alike", () => {
  expect(filtersIn({ status: "open", urgency: ["high", "critical"], owner: "me" })).toEqual({
    status: ["open"],
    urgency: ["high", "critical"],
    owner: "me",
  });
});

test("a view is found again in the address that it made, in whatever order", () => {
  for (const name of Object.keys(VIEWS) as View[]) expect(viewOf(filtersIn({ ...VIEWS[name] }))).toBe(name);
  expect(viewOf({ ...VIEWS.mine, status: [...VIEWS.mine.status].reverse(), sort: "-opened_at" })).toBe("mine");
  expect(viewOf({ status: ["on_site"] })).toBeNull();
});

test("an order asks for nothing, and is not sent with the counts", () => {
  expect(isFiltered({ sort: "due_at" })).toBe(false);
  expect(askedFor({ owner: "nobody", sort: "due_at" }, 0)).toEqual({ unclaimed: true });
});

test("words are asked for as they were written, without the blanks around them", () => {
  expect(askedFor(filtersIn({ q: " 王芳 0001 " }), 0)).toEqual({ q: "王芳 0001" });
  expect(filtersIn({ q: "  " })).toEqual({});
});

test("today begins at midnight of whoever looks", () => {
  const asked = askedFor({ opened: "today" }, new Date(2026, 2, 2, 15, 30).getTime());
  expect(asked).toEqual({ opened_from: new Date(2026, 2, 2).toISOString() });
});

test("a sheet is asked for with the filters and the order of the list", () => {
  const address = sheetOf({ status: ["open", "accepted"], owner: "nobody", q: "王芳 0001", sort: "due_at" }, 0);
  const asked = new URL(address, "http://127.0.0.1").searchParams;
  expect(asked.getAll("status")).toEqual(["open", "accepted"]);
  expect([asked.get("unclaimed"), asked.get("q"), asked.get("sort")]).toEqual(["true", "王芳 0001", "due_at"]);
});
