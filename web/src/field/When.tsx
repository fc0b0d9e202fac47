import { useTranslation } from "react-i18next";
import { dateTime, day, timeOfDay } from "../lib/times";
import type { WorkOrder } from "./lanes";

/** The time on site, by the phone's clock, and whether the customer agreed to it. */
export function When({ order: { appointment } }: { order: WorkOrder }) {
  const { t } = useTranslation();
  if (!appointment) return <>{t("workOrder.noTime")}</>;
  const { start, end, confirmed } = appointment;
  const until = day(start) === day(end) ? timeOfDay(end) : dateTime(end);
  return (
    <>
      {dateTime(start)}–{until} · {t(confirmed ? "workOrder.agreed" : "workOrder.offered")}
    </>
  );
}
