import { expect, test } from "vitest";
import { type Block, blocks } from "./stream";

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

async function all(text: string, size: number): Promise<Block[]> {
  const found: Block[] = [];
  for await (const block of blocks(cut(text, size))) found.push(block);
  return found;
}

test.each([1, 7, 1000])("blocks are the same however they are cut: by %i bytes", async (size) => {
  const text =
    'retry: 1000\n\nid: 1:0.3~2:5\ndata: {"type":"工单: x"}\n\n: heartbeat\nid: 7\n\n: alone\n\nid: 8\nevent: reset\ndata: {}\n\nid: 9';
  expect(await all(text, size)).toEqual([
    { retry: "1000" },
    { id: "1:0.3~2:5", data: '{"type":"工单: x"}' },
    { id: "7" },
    {},
    { id: "8", event: "reset", data: "{}" },
  ]);
});
