import type { Own } from "../lib/words";
import zhCN from "../words/zh-CN/console.json";

async function english(): Promise<typeof zhCN> {
  return (await import("../words/en/console.json")).default;
}

/** What is said in the console alone. Chinese comes with the page, English when it is spoken. */
export const words: Own = { "zh-CN": async () => zhCN, en: english };
