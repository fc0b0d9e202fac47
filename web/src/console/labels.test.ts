import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { codes, label } from "./labels";

beforeAll(async () => {
  await i18next.init({ lng: "en", resources: {} });
});

test("an event is called by its name in English, unless the words say it better", () => {
  expect(label("event", "dispatch.WorkPaused")).toBe("Work paused");
  expect(label("event", "dispatch.CustomerCalled")).toBe("Customer rung");
  expect(codes("event").filter((type) => label("event", type).includes("."))).toEqual([]);
});

test("an event that a newer service tells is its own label", () => {
  expect(label("event", "dispatch.VisitFilmed")).toBe("dispatch.VisitFilmed");
});
