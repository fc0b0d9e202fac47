import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../words/en/shared.json";
import type consoleWords from "../words/zh-CN/console.json";
import type fieldWords from "../words/zh-CN/field.json";
import zhCN from "../words/zh-CN/shared.json";
import { choice, choose } from "./choices";

export type Language = "zh-CN" | "en";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof zhCN & typeof consoleWords & typeof fieldWords };
  }
}

const shared = { "zh-CN": zhCN, en: en satisfies typeof zhCN };

/** What the console or the phone says beside what both say; a language is read when it is spoken. */
export type Own = Record<Language, () => Promise<object>>;

/** For a page that says only what both say. */
export const NOTHING: Own = { "zh-CN": async () => ({}), en: async () => ({}) };

let own: Own = NOTHING;

/** Begins with the language that was chosen here, else the person's, else the browser's. */
export async function begin(locale: Language | null, said: Own): Promise<void> {
  own = said;
  const lng = wished(locale);
  await i18next.use(initReactI18next).init({
    lng,
    resources: { [lng]: { translation: await sayable(lng) } },
    fallbackLng: false,
    interpolation: { escapeValue: false },
  });
  announce();
}

async function sayable(language: Language): Promise<object> {
  return { ...shared[language], ...(await own[language]()) };
}

function wished(locale: Language | null): Language {
  return choice("language") ?? locale ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
}

/** The language that is spoken; before it is known who listens, the one that is likely. */
export function language(): Language {
  return (i18next.language ?? wished(null)) === "en" ? "en" : "zh-CN";
}

export async function speak(wanted: Language): Promise<void> {
  if (!i18next.hasResourceBundle(wanted, "translation"))
    i18next.addResourceBundle(wanted, "translation", await sayable(wanted));
  choose("language", wanted);
  await i18next.changeLanguage(wanted);
  announce();
}

function announce(): void {
  document.documentElement.lang = language();
  document.title = i18next.t("product");
}
