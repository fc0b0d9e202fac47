import { labelling, shared } from "../lib/labels";
import en from "../words/en/console-labels.json";
import zhCN from "../words/zh-CN/console-labels.json";

type Events = Record<keyof (typeof zhCN)["event"], string>;

/** "Work paused" of dispatch.WorkPaused. */
function named(type: string): string {
  return type.replace(/^\w+\./, "").replace(/(?!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** In English an event's label is its name, unless the words say it better. */
const names = Object.fromEntries(Object.keys(zhCN.event).map((type) => [type, named(type)])) as Events;
const english = { ...en, event: { ...names, ...en.event } } satisfies typeof zhCN;

const all = {
  "zh-CN": { ...shared["zh-CN"], ...zhCN },
  en: { ...shared.en, ...english },
};

export type Vocabulary = keyof (typeof all)["zh-CN"];
export const { label, useLabel, codes } = labelling(all);
