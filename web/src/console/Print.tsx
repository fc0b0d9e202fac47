import { useTranslation } from "react-i18next";
import { addressOf, formsOf, type Visit } from "./forms";

/** 打印: the forms of a visit, each a PDF in a tab of its own. */
export function Print({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const forms = formsOf(visit.status);
  if (forms.length === 0) return null;
  return (
    <nav className="print" aria-label={t("print.of", { visit: visit.visit })}>
      {t("print.title")}
      {forms.map((form) => (
        <a key={form} href={addressOf(form, visit.id)} target="_blank" rel="noopener">
          {t(`print.${form}`)}
        </a>
      ))}
    </nav>
  );
}
