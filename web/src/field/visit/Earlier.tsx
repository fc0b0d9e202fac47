import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { useLabel } from "../labels";
import type { WorkOrder } from "../lanes";

/** What the engineer did on the same ticket before: a rework begins with why the customer rejected it. */
export function Earlier({ visits }: { visits: readonly WorkOrder[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (visits.length === 0) return null;
  return (
    <section aria-labelledby="earlier">
      <h2 id="earlier">{t("field.earlier")}</h2>
      <ul>
        {visits.map(({ id, status, completed_at, failure_reason, failure_note, result, rejection_reasons }) => (
          <li key={id}>
            {completed_at && `${dateTime(completed_at)} · `}
            {label("work_order_status", status)}
            {failure_reason && ` · ${label("failure_reason", failure_reason)}`}
            {failure_note && <p>{failure_note}</p>}
            {result && <p>{result}</p>}
            {rejection_reasons && <p>{rejection_reasons.join("\n")}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
