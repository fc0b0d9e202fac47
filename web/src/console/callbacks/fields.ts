import { useTranslation } from "react-i18next";
import type { Field } from "../../lib/differences";
import { dateTime } from "../../lib/times";
import { useLabel } from "../labels";
import type { CallbackItem } from "./callbacks";

/** What came of the calls so far, field by field, in the site's time zone. */
export function useFields(zone: string | null): Field<CallbackItem>[] {
  const { t } = useTranslation();
  const label = useLabel();
  return [
    [t("callbacks.status"), ({ status }) => label("callback_status", status)],
    [t("callbacks.due"), ({ status, due_at }) => (status === "scheduled" ? dateTime(due_at, zone) : null)],
    [t("callbacks.attempts"), ({ attempts }) => String(attempts)],
    [t("callbacks.lastOutcome"), ({ last_outcome: outcome }) => outcome && label("call_outcome", outcome)],
    [t("callbacks.lastAttempt"), ({ last_attempt_at: at }) => at && dateTime(at, zone)],
    [
      t("callbacks.score"),
      ({ score }) => (score === null ? null : t(`callbacks.scores.${score as 1 | 2 | 3 | 4 | 5}`)),
    ],
    [t("callbacks.comment"), ({ comment }) => comment],
  ];
}
