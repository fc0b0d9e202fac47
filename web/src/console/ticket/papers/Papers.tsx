import { useTranslation } from "react-i18next";

const PAPERS = ["customer-feedback-register", "repair-feedback"] as const;

/** 打印: the forms of the ticket itself, whoever works on it. */
export function Papers({ ticketId }: { ticketId: string }) {
  const { t } = useTranslation();
  return (
    <nav className="print" aria-label={t("papers.title")}>
      {PAPERS.map((paper) => (
        <a key={paper} href={`/documents/${paper}/${ticketId}.pdf`} target="_blank" rel="noopener">
          {t(`papers.${paper}`)}
        </a>
      ))}
    </nav>
  );
}
