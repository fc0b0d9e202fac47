import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import { pathOf, type Status } from "./path";

/** The way of a ticket, and where this one is. */
export function Path({ status }: { status: Status }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <ol className="path" aria-label={t("ticket.path")}>
      {pathOf(status).map((step) => (
        <li key={step} aria-current={step === status ? "step" : undefined}>
          {label("ticket_status", step)}
        </li>
      ))}
    </ol>
  );
}
