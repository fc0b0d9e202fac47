import antdZhCN from "antd/locale/zh_CN";
import type { Language, Own } from "../lib/words";
import zhCN from "../words/zh-CN/console.json";

/** What antd's parts say, in the languages that were spoken so far. */
export const saidByParts: Partial<Record<Language, typeof antdZhCN>> = { "zh-CN": antdZhCN };

async function english(): Promise<typeof zhCN> {
  const [said, parts] = await Promise.all([import("../words/en/console.json"), import("antd/locale/en_US")]);
  saidByParts.en = parts.default;
  return said.default;
}

/** What is said in the console alone, on its first pages. Chinese comes with the page, English when it is spoken. */
export const words: Own = { "zh-CN": async () => zhCN, en: english };

/** What areas say that are opened seldom: it comes with their pages. */
export const audit = ofArea(
  () => import("../words/zh-CN/audit.json"),
  () => import("../words/en/audit.json"),
);
export const callbacks = ofArea(
  () => import("../words/zh-CN/callbacks.json"),
  () => import("../words/en/callbacks.json"),
);
export const engineers = ofArea(
  () => import("../words/zh-CN/engineers.json"),
  () => import("../words/en/engineers.json"),
);
export const filters = ofArea(
  () => import("../words/zh-CN/filters.json"),
  () => import("../words/en/filters.json"),
);
export const hotlines = ofArea(
  () => import("../words/zh-CN/hotlines.json"),
  () => import("../words/en/hotlines.json"),
);
export const imports = ofArea(
  () => import("../words/zh-CN/imports.json"),
  () => import("../words/en/imports.json"),
);
export const keeping = ofArea(
  () => import("../words/zh-CN/keeping.json"),
  () => import("../words/en/keeping.json"),
);
export const life = ofArea(
  () => import("../words/zh-CN/life.json"),
  () => import("../words/en/life.json"),
);
export const merging = ofArea(
  () => import("../words/zh-CN/merging.json"),
  () => import("../words/en/merging.json"),
);
export const models = ofArea(
  () => import("../words/zh-CN/models.json"),
  () => import("../words/en/models.json"),
);
export const notes = ofArea(
  () => import("../words/zh-CN/notes.json"),
  () => import("../words/en/notes.json"),
);
export const operations = ofArea(
  () => import("../words/zh-CN/operations.json"),
  () => import("../words/en/operations.json"),
);
export const papers = ofArea(
  () => import("../words/zh-CN/papers.json"),
  () => import("../words/en/papers.json"),
);
export const people = ofArea(
  () => import("../words/zh-CN/people.json"),
  () => import("../words/en/people.json"),
);
export const policies = ofArea(
  () => import("../words/zh-CN/policies.json"),
  () => import("../words/en/policies.json"),
);
export const settings = ofArea(
  () => import("../words/zh-CN/settings.json"),
  () => import("../words/en/settings.json"),
);
export const snippets = ofArea(
  () => import("../words/zh-CN/snippets.json"),
  () => import("../words/en/snippets.json"),
);

type File<Words> = () => Promise<{ default: Words }>;

function ofArea<Words extends object>(zhCN: File<Words>, en: File<NoInfer<Words>>): Own {
  return { "zh-CN": async () => (await zhCN()).default, en: async () => (await en()).default };
}
