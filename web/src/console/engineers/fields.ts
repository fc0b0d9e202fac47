import { useTranslation } from "react-i18next";
import type { Field } from "../../lib/differences";
import { dateTime } from "../../lib/times";
import type { EngineerItem } from "./engineers";

/** An engineer's record, field by field. */
export function useFields(): Field<EngineerItem>[] {
  const { t } = useTranslation();
  return [
    [t("engineers.name"), ({ name }) => name ?? t("ticket.erased")],
    [t("queue.region"), ({ region }) => region],
    [t("workOrder.skills"), ({ skills }) => skills.join(" · ")],
    [t("engineers.login"), ({ actor_id }) => t(actor_id ? "engineers.bound" : "engineers.unbound")],
    [t("engineers.since"), ({ opened_at }) => dateTime(opened_at)],
  ];
}
