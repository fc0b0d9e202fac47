import { useTranslation } from "react-i18next";
import { useHistory } from "../../history";
import { papersOf } from "./papers";

/** 打印: the forms of the ticket itself, whoever works on it. */
export function Papers({ ticketId }: { ticketId: string }) {
  const { t } = useTranslation();
  const { rows } = useHistory(ticketId);
  return (
    <nav className="print" aria-label={t("papers.title")}>
      {papersOf(rows ?? []).map((paper) => (
        <a key={paper} href={`/documents/${paper}/${ticketId}.pdf`} target="_blank" rel="noopener">
          {t(`papers.${paper}`)}
        </a>
      ))}
    </nav>
  );
}
