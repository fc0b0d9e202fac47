import { useTranslation } from "react-i18next";
import en from "../words/en/labels.json";
import zhCN from "../words/zh-CN/labels.json";
import { type Language, language } from "./words";

type Labels = typeof zhCN;
export type Vocabulary = keyof Labels;

const all: Record<Language, Labels> = { "zh-CN": zhCN, en: en satisfies Labels };

/** The label of a code, in the language of the page. A code that only a deployment knows, such as a metric, is its own. */
export function label(vocabulary: Vocabulary, code: string): string {
  const labels: Record<string, string> = all[language()][vocabulary];
  return labels[code] ?? code;
}

/** `label` for a component, which is rendered again when the language changes. */
export function useLabel(): typeof label {
  useTranslation();
  return label;
}

/** The codes of a vocabulary, in the order of its list. */
export function codes<Name extends Vocabulary>(vocabulary: Name): (keyof Labels[Name])[] {
  return Object.keys(zhCN[vocabulary]) as (keyof Labels[Name])[];
}
