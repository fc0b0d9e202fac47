import type { SelectHTMLAttributes } from "react";
import { codes, useLabel, type Vocabulary } from "./labels";

interface ChoiceProps extends SelectHTMLAttributes<HTMLSelectElement> {
  of: readonly { value: string; label: string }[];
}

/** The browser's own list: it opens above a dialog, too. */
export function Choice({ of, ...rest }: ChoiceProps) {
  return (
    <select {...rest}>
      {of.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** All codes of a vocabulary, to choose one; `unsaid`: or none, which reads so. */
export function useCodes(): (vocabulary: Vocabulary, unsaid?: string) => { value: string; label: string }[] {
  const label = useLabel();
  return (vocabulary, unsaid) => {
    const all = codes(vocabulary).map((value) => ({ value, label: label(vocabulary, value) }));
    return unsaid === undefined ? all : [{ value: "", label: unsaid }, ...all];
  };
}
