import { useTranslation } from "react-i18next";
import enLabels from "../words/en/labels.json";
import zhLabels from "../words/zh-CN/labels.json";
import { type Language, language } from "./words";

/** Labels of codes by vocabulary, in one language. */
type Labels = Record<string, Record<string, string>>;

/** The vocabularies that console and phone say. */
export const shared = { "zh-CN": zhLabels, en: enLabels satisfies typeof zhLabels };

/** What says the codes of these vocabularies. */
export function labelling<Own extends Labels>(all: Record<Language, Own>) {
  /** The label of a code, in the language of the page. A code that only a deployment knows, such as a metric, is its own. */
  function label(vocabulary: keyof Own, code: string): string {
    return all[language()][vocabulary]?.[code] ?? code;
  }
  /** `label` for a component, which is rendered again when the language changes. */
  function useLabel(): typeof label {
    useTranslation();
    return label;
  }
  /** The codes of a vocabulary, in the order of its list. */
  function codes<Name extends keyof Own>(vocabulary: Name): (keyof Own[Name])[] {
    return Object.keys(all["zh-CN"][vocabulary] as Own[Name]);
  }
  return { label, useLabel, codes };
}
