import { expect, test } from "vitest";
import type { Snippet } from "./snippets";
import { fitting, textOf, withText } from "./snippetTexts";

const NOTE: Snippet = { id: "1", title: "保修", chinese: "不保修", english: null, use: "note", kind: null };
const REPAIR: Snippet = { id: "2", title: "Filter", chinese: null, english: "Clean it", use: null, kind: "repair" };

test("what is offered is for the field, for the type of job, and has the words", () => {
  expect(fitting([NOTE, REPAIR], "note", "repair", "")).toEqual([NOTE, REPAIR]);
  expect(fitting([NOTE, REPAIR], "summary", null, "")).toEqual([REPAIR]);
  expect(fitting([NOTE, REPAIR], "note", "training", "")).toEqual([NOTE]);
  expect(fitting([NOTE, REPAIR], "note", null, " CLEAN ")).toEqual([REPAIR]);
});

test("a text is in the language that is spoken, else in the other", () => {
  const both = { ...NOTE, english: "no warranty" };
  expect([textOf(both, "zh-CN"), textOf(both, "en"), textOf(NOTE, "en")]).toEqual(["不保修", "no warranty", "不保修"]);
});

test("it goes where the caret is, instead of what is selected", () => {
  expect(withText("空调", "：", 2, 2)).toBe("空调：");
  expect(withText("空调不冷", "制", 2, 3)).toBe("空调制冷");
});
