import { labelling, shared } from "../lib/labels";
import en from "../words/en/console-labels.json";
import zhCN from "../words/zh-CN/console-labels.json";

const all = {
  "zh-CN": { ...shared["zh-CN"], ...zhCN },
  en: { ...shared.en, ...(en satisfies typeof zhCN) },
};

export type Vocabulary = keyof (typeof all)["zh-CN"];
export const { label, useLabel, codes } = labelling(all);
