import { expect, test } from "vitest";
import { known, parseSearch, stringifySearch } from "./address";

test("a filter of several values is written as it is read", () => {
  const search = { status: ["open", "on_site"], number: "WX20261122-0001" };
  expect(stringifySearch(search)).toBe("?status=open&status=on_site&number=WX20261122-0001");
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

test("nothing is written of what is empty", () => {
  expect(stringifySearch({ status: [], number: "", kind: undefined })).toBe("");
});

test("what makes no sense in an address asks for nothing", () => {
  expect(known(["open", "nonsense"], ["open", "closed"])).toEqual(["open"]);
  expect(known({ $ne: 1 }, ["open"])).toEqual([]);
});
