/** A block of a stream of server-sent events: what its lines say, by their names. */
export interface Block {
  id?: string;
  event?: string;
  data?: string;
}

/** The blocks of a stream as they come; a comment alone is an empty one. */
export async function* blocks(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of parts) {
    text += decoder.decode(part, { stream: true });
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    for (const block of whole) yield fields(block);
  }
}

function fields(block: string): Block {
  const lines = block.split("\n").filter((line) => !line.startsWith(":"));
  return Object.fromEntries(lines.map((line) => line.split(/: ?(.*)/s, 2)));
}

/** What a browser's body gives, part by part: not every browser iterates over one by itself. */
export async function* partsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
