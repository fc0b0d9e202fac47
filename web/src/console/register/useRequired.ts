import { useTranslation } from "react-i18next";

/** The rule of a field that has to be filled in: blanks are nothing. */
export function useRequired() {
  const { t } = useTranslation();
  return (field: string) => ({ required: true, whitespace: true, message: t("register.required", { field }) });
}
