import type { Own } from "../lib/words";
import en from "../words/en/field.json";
import zhCN from "../words/zh-CN/field.json";

/** What is said on the phone alone: both languages are there without a network. */
export const words: Own = { "zh-CN": async () => zhCN, en: async (): Promise<typeof zhCN> => en };
