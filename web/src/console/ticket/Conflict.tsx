import { useTranslation } from "react-i18next";
import { Conflict as Changes } from "../../ui/Conflict";
import { useLabel } from "../labels";
import { differences } from "./differences";
import type { TicketDetails } from "./ticket";

/** What somebody else changed of the ticket, field by field. */
export function Conflict({ before, after }: { before: TicketDetails; after: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const changed = differences(before, after).map(({ field, vocabulary, ...values }) => ({
    name: t(`ticket.field.${field}`),
    before: vocabulary ? label(vocabulary, values.before) : values.before,
    after: vocabulary ? label(vocabulary, values.after) : values.after,
  }));
  return <Changes title={t("ticket.changed")} changed={changed} elsewhere={t("ticket.changedElsewhere")} />;
}
