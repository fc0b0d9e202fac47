import i18next from "i18next";
import { beforeEach, expect, test } from "vitest";
import en from "../words/en/shared.json";
import zhCN from "../words/zh-CN/shared.json";
import { dateTime, day, duration, remaining } from "./times";

const HOUR = 3_600_000;
const NOON = "2026-11-28T04:00:00Z";

beforeEach(async () => {
  const resources = { "zh-CN": { translation: zhCN }, en: { translation: en } };
  await i18next.init({ lng: "zh-CN", resources, interpolation: { escapeValue: false } });
});

test("an instant is said with its weekday, in the zone of the site", () => {
  expect(dateTime(NOON, "Asia/Shanghai")).toBe("2026-11-28 周六 12:00");
  expect(dateTime(NOON, "Europe/Stockholm")).toBe("2026-11-28 周六 05:00");
});

test("midnight begins a day and does not end one", () => {
  expect(dateTime("2026-11-27T16:00:00Z", "Asia/Shanghai")).toBe("2026-11-28 周六 00:00");
});

test("a day of the history is the site's day", () => {
  expect(day("2026-11-27T17:00:00Z", "Asia/Shanghai")).toBe("2026-11-28 周六");
});

test("English says it in English", async () => {
  await i18next.changeLanguage("en");
  expect(dateTime(NOON, "Asia/Shanghai")).toBe("2026-11-28 Sat 12:00");
  expect(duration(2.25 * HOUR)).toBe("2 h 15 min");
});

test.each([
  [90 * 60_000, "1小时30分"],
  [40 * HOUR, "40小时"],
  [59_000, "0分"],
])("%i ms are %s", (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test("the last hour is counted by the second, and what is over says so", () => {
  const now = Date.parse(NOON);
  expect(remaining(new Date(now + 61_000).toISOString(), now)).toBe("1:01");
  expect(remaining(new Date(now - 2 * HOUR).toISOString(), now)).toBe("超 2小时");
});
