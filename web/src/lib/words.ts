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

/**
 * Begins with the language that was chosen here, else the person's, else the browser's. `own` are the words of the
 * console or of the phone, beside those of both.
 */
export async function begin(locale: Language | null, own: Record<Language, object>): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: wished(locale),
    resources: {
      "zh-CN": { translation: { ...shared["zh-CN"], ...own["zh-CN"] } },
      en: { translation: { ...shared.en, ...own.en } },
    },
    fallbackLng: false,
    interpolation: { escapeValue: false },
  });
  announce();
}

function wished(locale: Language | null): Language {
  return choice("language") ?? locale ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
}

/** The language that is spoken; before it is known who listens, the one that is likely. */
export function language(): Language {
  return (i18next.language ?? wished(null)) === "en" ? "en" : "zh-CN";
}

export async function speak(wanted: Language): Promise<void> {
  choose("language", wanted);
  await i18next.changeLanguage(wanted);
  announce();
}

function announce(): void {
  document.documentElement.lang = language();
  document.title = i18next.t("product");
}
