import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../words/en/console.json";
import zhCN from "../words/zh-CN/console.json";
import { choice, choose } from "./choices";

export type Language = "zh-CN" | "en";
type Words = typeof zhCN;

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Words };
  }
}

const resources = { "zh-CN": { translation: zhCN }, en: { translation: en satisfies Words } };

/** Begins with the language that was chosen here, else the person's, else the browser's. */
export async function begin(locale: Language | null): Promise<void> {
  const wanted = choice("language") ?? locale ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
  await i18next.use(initReactI18next).init({
    lng: wanted,
    resources,
    fallbackLng: false,
    interpolation: { escapeValue: false },
  });
  announce();
}

export function language(): Language {
  return i18next.language === "en" ? "en" : "zh-CN";
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
