import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/Empty";
import { foreseen } from "../lanes";
import { usePhoneState } from "../phone";
import type { Visit } from "../snapshot";
import { VisitCard } from "./VisitCard";

const OVER = ["created", "failed", "accepted", "rejected"];

/** 今日: the engineer's visits in the order of their times, those that are over last. */
export function Today() {
  const { t } = useTranslation();
  const { snapshot, log, link } = usePhoneState();
  const visits = [...(snapshot?.visits ?? [])].map((visit) => ({ ...visit, order: foreseen(visit.order, log) }));
  visits.sort((one, other) => place(one) - place(other));
  return (
    <>
      <h1>{t("field.today")}</h1>
      {snapshot === null && link !== "unknown" && <Empty>{t("field.nothingRead")}</Empty>}
      {snapshot !== null && visits.length === 0 && <Empty>{t("field.nothing")}</Empty>}
      <ul className="cards">
        {visits.map((visit) => (
          <VisitCard key={visit.order.id} visit={visit} log={log} />
        ))}
      </ul>
    </>
  );
}

function place({ order: { status, appointment } }: Visit): number {
  const isOver = OVER.includes(status) ? Number.MAX_SAFE_INTEGER / 2 : 0;
  return isOver + (appointment ? Date.parse(appointment.start) : Number.MAX_SAFE_INTEGER / 4);
}
