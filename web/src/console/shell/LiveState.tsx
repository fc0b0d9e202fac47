import { useTranslation } from "react-i18next";
import { useSilence } from "../../lib/live";
import { useNow } from "../../lib/now";

const MINUTE = 60_000;

/** Whether what is shown is told as it happens, and otherwise since when it is not. */
export function LiveState() {
  const { t } = useTranslation();
  const since = useSilence();
  useNow(() => false);
  const minutes = since === null ? 0 : Math.floor((Date.now() - since) / MINUTE);
  const said = since === null ? t("live.live") : t("live.reconnecting");
  return (
    <span role="status" aria-label={t("live.label")} className={since === null ? "live" : "live live-not"}>
      {minutes > 0 ? t("live.lost", { count: minutes }) : said}
    </span>
  );
}
