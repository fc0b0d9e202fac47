import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateTime, timeOfDay } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { useLabel } from "../labels";
import { nameOf } from "./lanes";
import type { WorkOrder } from "./visit";
import { useEngineer } from "./workOrder";

type Appointment = NonNullable<WorkOrder["appointment"]>;
type Wish = NonNullable<WorkOrder["wish"]>;

/** What is planned, and what came of it. */
export function VisitFacts({ order }: { order: WorkOrder }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data: engineer } = useEngineer(order.engineer_id);
  return (
    <section className="panel" aria-labelledby="visit">
      <h2 id="visit">{t("workOrder.visit")}</h2>
      <Facts
        of={[
          [t("workOrder.kind"), label("job_type", order.job_type)],
          [t("workOrder.skills"), order.skills.join(" · ")],
          [t("workOrder.engineer"), order.engineer_id ? engineer && nameOf(engineer) : t("workOrder.nobody")],
          [
            t("workOrder.appointment"),
            order.appointment ? <Time key="agreed" of={order.appointment} /> : t("workOrder.noTime"),
          ],
          [t("workOrder.proposal"), order.proposal && <Time key="offered" of={order.proposal} />],
          [t("board.wished"), order.wish && <Wished key="wished" of={order.wish} />],
          [t("workOrder.paused"), order.pause_reason && label("pause_reason", order.pause_reason)],
          [t("workOrder.note"), order.pause_note],
          [t("workOrder.arrived"), order.arrived_at && dateTime(order.arrived_at)],
          [t("workOrder.completed"), order.completed_at && dateTime(order.completed_at)],
          [t("workOrder.result"), order.result],
          [t("workOrder.signedBy"), order.signed_by],
          [t("workOrder.rejection"), order.rejection_reasons?.join("\n")],
          [t("workOrder.reworkOf"), order.rework_of && <Other key="of" id={order.rework_of} />],
          [t("workOrder.rework"), order.rework_work_order_id && <Other key="by" id={order.rework_work_order_id} />],
        ]}
      />
    </section>
  );
}

function Time({ of }: { of: Appointment }) {
  const { t } = useTranslation();
  return (
    <>
      <Span of={of} /> · {t(of.confirmed ? "workOrder.agreed" : "workOrder.offered")}
    </>
  );
}

function Wished({ of }: { of: Wish }) {
  return (
    <>
      <Span of={of} />
      {of.note && ` · ${of.note}`}
    </>
  );
}

function Span({ of: { start, end } }: { of: { start: string; end: string } }) {
  const isOneDay = dateTime(start).slice(0, 10) === dateTime(end).slice(0, 10);
  const until = isOneDay ? timeOfDay(end) : dateTime(end);
  return (
    <>
      {dateTime(start)}–{until}
    </>
  );
}

function Other({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/work-orders/$workOrderId" params={{ workOrderId: id }}>
      {t("board.openOrder")}
    </Link>
  );
}
