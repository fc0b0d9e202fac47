import { expect, test } from "vitest";
import { digitsOf, masked } from "./phone";

test.each([
  ["139 1111-2222", "13911112222"],
  ["+86 (21) 6234 5678", "862162345678"],
  ["62345678转801", "62345678"],
  ["１３９１１１１２２２２", "13911112222"],
])("of %s a customer is looked for by %s", (typed, digits) => {
  expect(digitsOf(typed)).toBe(digits);
});

test.each(["", "139111", "转801", "1234567890123456"])("nobody is looked for by %s", (typed) => {
  expect(digitsOf(typed)).toBe("");
});

test.each([
  ["139 1111 2222", "139****2222"],
  ["62345678", "****5678"],
  ["12345", "***45"],
])("%s is shown as %s", (typed, shown) => {
  expect(masked(typed)).toBe(shown);
});
