import { expect, test, vi } from "vitest";
import { current, seen } from "./now";

const MONDAY = Date.parse("2026-03-02T09:00:00Z");

test("an answer that was long on its way sets nobody's clock back, and a clock that is wrong is set right", () => {
  vi.useFakeTimers({ now: MONDAY });
  seen(new Date(MONDAY).toUTCString());
  seen(new Date(MONDAY - 9000).toUTCString());
  expect(current()).toBe(MONDAY);
  for (let answer = 0; answer < 5; answer++) seen(new Date(MONDAY - 600_000).toUTCString());
  expect(current()).toBe(MONDAY - 600_000);
  seen(new Date(MONDAY + 60_000).toUTCString());
  expect(current()).toBe(MONDAY + 60_000);
  vi.useRealTimers();
});
