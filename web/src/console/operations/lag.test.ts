import { expect, test } from "vitest";
import { lagsOf } from "./lag";

const heard = [
  { source: "intake", lane: 0, seq: 7 },
  { source: "intake", lane: 1, seq: 4 },
  { source: "dispatch", lane: 0, seq: 2 },
];

test("a service is behind by what each of a source's lanes has beyond it", () => {
  const published = new Map([["intake", [0, 1, 2].map((lane) => ({ lane, seq: 10 }))]]);
  expect(lagsOf(heard, published)).toEqual([{ source: "intake", events: 3 + 6 + 10 }]);
});

test("what was applied since the heads were read is not behind", () => {
  const published = new Map([["dispatch", [{ lane: 0, seq: 1 }]]]);
  expect(lagsOf(heard, published)).toEqual([{ source: "dispatch", events: 0 }]);
});

test("of a source that is out of reach nothing is said", () => {
  expect(lagsOf(heard, new Map())).toEqual([]);
});
