import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/now";
import { dateTime, shortTime } from "../../lib/times";
import type { CallbackItem } from "./callbacks";
import { stageOf } from "./filters";

/** When to call, and whether that has been long ago; nothing once nobody calls any more. */
export function Due({ of, zone }: { of: CallbackItem; zone: string | null }) {
  const { t } = useTranslation();
  const now = useNow(() => false);
  const stage = stageOf(of, now);
  if (stage === "done") return null;
  const at = (
    <time dateTime={of.due_at} title={dateTime(of.due_at, zone)}>
      {shortTime(of.due_at, zone)}
    </time>
  );
  if (stage !== "overdue") return at;
  return (
    <strong className="overdue">
      {at} {t("callbacks.late")}
    </strong>
  );
}
