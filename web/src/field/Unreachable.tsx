import { useTranslation } from "react-i18next";
import { Notice } from "../ui/Notice";

/** The whole page where nobody is remembered, and nobody answers who is signed in. */
export function Unreachable() {
  const { t } = useTranslation();
  const again = (
    <button type="button" className="main" onClick={() => location.reload()}>
      {t("state.retry")}
    </button>
  );
  return (
    <main>
      <h1>{t("field.title")}</h1>
      <Notice kind="error" title={t("state.unreachable")} acts={again}>
        <p>{t("field.firstOnline")}</p>
      </Notice>
    </main>
  );
}
