import { useTranslation } from "react-i18next";
import { useNow } from "../lib/now";

const STALE = 60;

/** How old what is shown is, from `at` (milliseconds, this browser's clock); amber after a minute. */
export function Age({ at }: { at: number }) {
  const { t } = useTranslation();
  useNow(() => true);
  const seconds = Math.max(0, Math.floor((Date.now() - at) / 1000));
  const said = seconds < 5 ? t("age.now") : t("age.seconds", { count: seconds });
  if (seconds < STALE) return <span className="age">{said}</span>;
  return <span className="age age-stale">{t("age.minutes", { count: Math.floor(seconds / 60) })}</span>;
}
