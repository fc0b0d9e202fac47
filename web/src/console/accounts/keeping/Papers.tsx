import { useTranslation } from "react-i18next";

type Paper = "warranty-card" | "asset-label" | "asset-labels" | "service-contract";

/** 打印: what is printed of an asset, of all that a customer has, or of a contract, each a PDF in a tab of its own. */
export function Papers({ of, id }: { of: readonly Paper[]; id: string }) {
  const { t } = useTranslation();
  return (
    <nav className="print" aria-label={t("print.title")}>
      {of.map((paper) => (
        <a key={paper} href={`/documents/${paper}/${id}.pdf`} target="_blank" rel="noopener">
          {t(`keeping.${paper}`)}
        </a>
      ))}
    </nav>
  );
}
