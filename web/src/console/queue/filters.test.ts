import { expect, test } from "vitest";
import { askedFor, asksTheSame, filtersIn, isFiltered, lasting, sheetOf, VIEWS, type View, viewOf } from "./filters";

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

test("a device, a contract, a customer and an engineer are asked for by their ids, and a region by its name", () => {
  const id = "01955c1e-7b00-8000-8000-000000000002";
  const asked = { asset_id: id, contract_id: [id, "x"], customer_id: "x", engineer_id: {}, region: [" 华东 ", ""] };
  expect(filtersIn(asked)).toEqual({ asset_id: [id], contract_id: [id], region: ["华东"] });
  expect(askedFor(filtersIn(asked), 0)).toEqual({ asset_id: [id], contract_id: [id], region: ["华东"] });
  expect(filtersIn({ customer_id: Array(101).fill(id) }).customer_id).toHaveLength(100);
});

test("whom tickets wait for, their team, and those that ended long ago are asked for", () => {
  const asked = filtersIn({ waits_for: ["supplier", "godot"], team: "一组", again: "due", archived: "only" });
  expect(asked).toEqual({ waits_for: ["supplier"], team: ["一组"], again: "due", archived: "only" });
  expect(askedFor(asked, 0)).toEqual({
    waits_for: ["supplier"],
    team: ["一组"],
    archived: true,
    look_again_to: "1970-01-01T00:00:00.000Z",
  });
  expect(filtersIn({ waits_for: "godot", again: "soon", archived: "yes" })).toEqual({});
});

test("what is kept under a name is what is asked for, without words and numbers", () => {
  const filters = filtersIn({ status: "open", q: "王芳", number: "WX20261122-0001", sort: "due_at" });
  expect(lasting(filters)).toEqual({ status: ["open"], sort: "due_at" });
  expect(asksTheSame(lasting(filters), { status: ["open"] })).toBe(true);
});
