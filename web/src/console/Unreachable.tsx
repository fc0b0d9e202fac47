import { useTranslation } from "react-i18next";
import { Refused, unreachable } from "../lib/problem";
import { Failure } from "../ui/Failure";

/** The whole page while nobody says who is signed in. */
export function Unreachable() {
  const { t } = useTranslation();
  return (
    <main className="page">
      <h1>{t("product")}</h1>
      <Failure error={new Refused(unreachable)} onRetry={() => location.reload()} />
    </main>
  );
}
