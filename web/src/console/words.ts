import en from "../words/en/console.json";
import zhCN from "../words/zh-CN/console.json";

/** What is said in the console alone, in both languages. */
export const words = { "zh-CN": zhCN, en: en satisfies typeof zhCN };
