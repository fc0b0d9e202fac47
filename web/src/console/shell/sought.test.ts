import { expect, test } from "vitest";
import { isSought } from "./sought";

test("two letters or three digits are a word to look for, whatever their width", () => {
  for (const words of ["王芳", "WX", "123", "１２３", "王芳 0001", "A座", " 空调 "]) expect(isSought(words)).toBe(true);
});

test("less would find a part of all tickets, and is not asked", () => {
  for (const words of ["", " ", "王", "12", "空 调", "王芳 12", "%%%", "。，", "1-2"])
    expect(isSought(words)).toBe(false);
});
