import { useTranslation } from "react-i18next";

/** Lines of the same height as what comes; shown after 200 ms (console.css), so that a quick answer does not flash. */
export function Loading({ lines }: { lines: number }) {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status" aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="loading-line" />
      ))}
    </div>
  );
}
