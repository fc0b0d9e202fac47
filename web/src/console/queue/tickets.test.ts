import i18next from "i18next";
import { beforeAll, expect, test, vi } from "vitest";

vi.hoisted(() => vi.stubGlobal("location", new URL("http://console.test/")));

import { goesOnShort, pageOf, type QueueItem } from "./tickets";

beforeAll(async () => {
  await i18next.init({ lng: "en" });
});

test("all pages of what is due by now are asked for by the time of the first: a cursor is of its filters", async () => {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal("fetch", async ({ url }: Request) => {
    asked.push(new URL(url).searchParams);
    return Response.json({ items: [], next_cursor: asked.length < 3 ? `after-${asked.length}` : null });
  });
  vi.useFakeTimers({ now: 0, toFake: ["Date"] });
  const first = await pageOf({ again: "due" }, undefined);
  vi.setSystemTime(60_000);
  const second = await pageOf({ again: "due" }, first.next_cursor ?? undefined);
  const last = await pageOf({ again: "due" }, second.next_cursor ?? undefined);
  await pageOf({ again: "due" }, undefined);
  vi.useRealTimers();
  expect(asked.map((query) => query.get("cursor"))).toEqual([null, "after-1", "after-2", null]);
  const [begun, later] = ["1970-01-01T00:00:00.000Z", "1970-01-01T00:01:00.000Z"];
  expect(asked.map((query) => query.get("look_again_to"))).toEqual([begun, begun, begun, later]);
  expect(last.next_cursor).toBeNull();
});

test("a page that ended before it was full waits for a hand before it goes on", () => {
  const page = (rows: number, next_cursor: string | null) => ({ items: Array<QueueItem>(rows), next_cursor });
  expect(goesOnShort([page(50, "next"), page(0, "next")])).toBe(true);
  expect(goesOnShort([page(3, "next"), page(50, "next")])).toBe(false);
  expect(goesOnShort([page(3, null)])).toBe(false);
  expect(goesOnShort(undefined)).toBe(false);
});
