import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import { pathOf } from "./path";
import type { TicketDetails } from "./ticket";

/** The way of a ticket, and where this one is. */
export function Path({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <ol className="path" aria-label={t("ticket.path")}>
      {pathOf(ticket.status, ticket.kind).map((step) => (
        <li key={step} aria-current={step === ticket.status ? "step" : undefined}>
          {label("ticket_status", step)}
        </li>
      ))}
    </ol>
  );
}
