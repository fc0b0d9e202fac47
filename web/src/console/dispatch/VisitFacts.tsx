import { Link } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, timeOfDay } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { useLabel } from "../labels";
import { nameOf } from "./lanes";
import type { WorkOrder } from "./visit";
import { useEngineer } from "./workOrder";

type Fact = ComponentProps<typeof Facts>["of"][number];
type Appointment = NonNullable<WorkOrder["appointment"]>;
type Wish = NonNullable<WorkOrder["wish"]>;

/** What is planned, and what came of it. */
export function VisitFacts({ order }: { order: WorkOrder }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="visit">
      <h2 id="visit">{t("workOrder.visit")}</h2>
      <Facts of={[...usePlanned(order), ...useAnswers(order), ...useDone(order)]} />
    </section>
  );
}

function usePlanned(order: WorkOrder): Fact[] {
  const { t } = useTranslation();
  const label = useLabel();
  const { data: engineer } = useEngineer(order.engineer_id);
  return [
    [t("workOrder.kind"), label("job_type", order.job_type)],
    [t("workOrder.skills"), order.skills.join(" · ")],
    [t("workOrder.awaits"), order.awaits && label("next_step", order.awaits)],
    [t("workOrder.follows"), order.follows && <Other key="follows" id={order.follows} />],
    [t("workOrder.engineer"), order.engineer_id ? engineer && nameOf(engineer) : t("workOrder.nobody")],
    [
      t("workOrder.appointment"),
      order.appointment ? <Time key="agreed" of={order.appointment} /> : t("workOrder.noTime"),
    ],
    [t("workOrder.proposal"), order.proposal && <Time key="offered" of={order.proposal} />],
    [t("board.wished"), order.wish && <Wished key="wished" of={order.wish} />],
  ];
}

/** What the engineer said to the visit, and came to know about it. */
function useAnswers(order: WorkOrder): Fact[] {
  const { t } = useTranslation();
  const label = useLabel();
  const declined = order.decline_reason && label("decline_reason", order.decline_reason);
  const rung = order.call_outcome && label("visit_call", order.call_outcome);
  const failed = order.failure_reason && label("failure_reason", order.failure_reason);
  return [
    [t("workOrder.confirmed"), timeOf(order.crew_confirmed_at)],
    [t("workOrder.declined"), said(declined, order.decline_note)],
    [t("workOrder.called"), said(timeOf(order.called_at), rung, order.call_note)],
    [t("workOrder.failed"), said(failed, order.failure_note)],
    [t("workOrder.nextStep"), order.next_step && label("next_step", order.next_step)],
    [t("workOrder.next"), order.next_work_order_id && <Other key="next" id={order.next_work_order_id} />],
  ];
}

function useDone(order: WorkOrder): Fact[] {
  const { t } = useTranslation();
  const label = useLabel();
  return [
    [t("workOrder.paused"), order.pause_reason && label("pause_reason", order.pause_reason)],
    [t("workOrder.note"), order.pause_note],
    [t("workOrder.arrived"), timeOf(order.arrived_at)],
    [t("workOrder.conduct"), order.conduct && t("workOrder.kept", { count: order.conduct.length })],
    [t("workOrder.completed"), timeOf(order.completed_at)],
    [t("workOrder.result"), order.result],
    [t("workOrder.signedBy"), order.signed_by],
    [t("workOrder.rejection"), order.rejection_reasons?.join("\n")],
    [t("workOrder.reworkOf"), order.rework_of && <Other key="of" id={order.rework_of} />],
    [t("workOrder.rework"), order.rework_work_order_id && <Other key="by" id={order.rework_work_order_id} />],
  ];
}

function timeOf(at: string | null): string | null {
  return at && dateTime(at);
}

function said(...facts: (string | null)[]): string | null {
  return facts.filter(Boolean).join(" · ") || null;
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
