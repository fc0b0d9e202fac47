import { expect, test } from "vitest";
import { masked } from "./phone";

test("a number is known again by its ends, and a short one by fewer", () => {
  expect(masked("13800000000")).toBe("138****0000");
  expect(masked("138 0000 1234")).toBe("138****1234");
  expect(masked("010-65123456 转 8001")).toBe("010****8001");
  expect(masked("65123456")).toBe("****3456");
  expect(masked("8001")).toBe("****");
});
