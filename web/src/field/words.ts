import en from "../words/en/field.json";
import zhCN from "../words/zh-CN/field.json";

/** What is said on the phone alone, in both languages. */
export const words = { "zh-CN": zhCN, en: en satisfies typeof zhCN };
