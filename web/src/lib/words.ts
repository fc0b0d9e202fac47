import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../words/en/shared.json";
import type audit from "../words/zh-CN/audit.json";
import type callbacks from "../words/zh-CN/callbacks.json";
import type consoleWords from "../words/zh-CN/console.json";
import type engineers from "../words/zh-CN/engineers.json";
import type fieldWords from "../words/zh-CN/field.json";
import type filters from "../words/zh-CN/filters.json";
import type hotlines from "../words/zh-CN/hotlines.json";
import type imports from "../words/zh-CN/imports.json";
import type keeping from "../words/zh-CN/keeping.json";
import type life from "../words/zh-CN/life.json";
import type merging from "../words/zh-CN/merging.json";
import type models from "../words/zh-CN/models.json";
import type notes from "../words/zh-CN/notes.json";
import type operations from "../words/zh-CN/operations.json";
import type papers from "../words/zh-CN/papers.json";
import type people from "../words/zh-CN/people.json";
import type policies from "../words/zh-CN/policies.json";
import type settings from "../words/zh-CN/settings.json";
import zhCN from "../words/zh-CN/shared.json";
import type snippets from "../words/zh-CN/snippets.json";
import { choice, choose } from "./choices";

export type Language = "zh-CN" | "en";

/** What comes with pages that are opened seldom. */
type Seldom = typeof audit &
  typeof callbacks &
  typeof engineers &
  typeof filters &
  typeof hotlines &
  typeof imports &
  typeof keeping &
  typeof life &
  typeof merging &
  typeof models &
  typeof notes &
  typeof operations &
  typeof papers &
  typeof people &
  typeof policies &
  typeof settings &
  typeof snippets;

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof zhCN & typeof consoleWords & typeof fieldWords & Seldom };
  }
}

const shared = { "zh-CN": zhCN, en: en satisfies typeof zhCN };

/** What the console, the phone or one area says beside what all say, in sections of its own; read when it is spoken. */
export type Own = Record<Language, () => Promise<object>>;

/** For a page that says only what both say. */
export const NOTHING: Own = { "zh-CN": async () => ({}), en: async () => ({}) };

/** What is said so far. */
const owns = new Set<Own>();
let declareBegun: () => void = () => {};
const begun = new Promise<void>((resolve) => {
  declareBegun = resolve;
});

/** Begins with the language that was chosen here, else the person's, else the browser's. */
export async function begin(locale: Language | null, said: Own): Promise<void> {
  const lng = wished(locale);
  await i18next.use(initReactI18next).init({
    lng,
    resources: { [lng]: { translation: { ...shared[lng], ...(await said[lng]()) } } },
    fallbackLng: false,
    interpolation: { escapeValue: false },
  });
  owns.add(said);
  declareBegun();
  announce();
}

/** A page with what it alone says. */
export async function withWords<Page>(owns: readonly Own[], page: Promise<Page>): Promise<Page> {
  await Promise.all([page, ...owns.map(add)]);
  return page;
}

/** The page may be read before it is known in which language. */
async function add(own: Own): Promise<void> {
  await begun;
  owns.add(own);
  i18next.addResourceBundle(language(), "translation", await own[language()]());
}

function wished(locale: Language | null): Language {
  return choice("language") ?? locale ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
}

/** The language that is spoken; before it is known who listens, the one that is likely. */
export function language(): Language {
  return (i18next.language ?? wished(null)) === "en" ? "en" : "zh-CN";
}

export async function speak(wanted: Language): Promise<void> {
  const said = await Promise.all([...owns].map((own) => own[wanted]()));
  for (const words of [shared[wanted], ...said]) i18next.addResourceBundle(wanted, "translation", words);
  choose("language", wanted);
  await i18next.changeLanguage(wanted);
  announce();
}

function announce(): void {
  document.documentElement.lang = language();
  document.title = i18next.t("product");
}
