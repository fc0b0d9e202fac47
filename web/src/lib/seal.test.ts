import { expect, test } from "vitest";
import { keyOf, open, seal } from "./seal";

const one = await keyOf("A".repeat(43));
const other = await keyOf(`${"A".repeat(42)}E`);

test("what was sealed is opened by its key, and cannot be read without", async () => {
  const sealed = await seal(one, { name: "王芳" });
  expect(await open(one, sealed)).toEqual({ name: "王芳" });
  expect(new TextDecoder().decode(sealed.content)).not.toContain("王芳");
});

test("another person's key opens nothing", async () => {
  expect(await open(other, await seal(one, "王芳"))).toBeUndefined();
});
