import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import { usePerson } from "../../lib/person";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { Print } from "../Print";
import { ContactPanel } from "./ContactPanel";
import { dayOf } from "./day";
import { useTicketNames } from "./names";
import { PlanDialog } from "./PlanDialog";
import { Refusal } from "./Refusal";
import { StepDialog } from "./StepDialog";
import { padAhead } from "./StepFields";
import { type Step, stepsOn } from "./steps";
import { VisitFacts } from "./VisitFacts";
import { VisitHistory } from "./VisitHistory";
import { slotOf } from "./visit";
import { type Read, useWorkOrder } from "./workOrder";
import "./board.css";

const route = getRouteApi("/work-orders/$workOrderId");

/** 任务单: one visit, what is planned and what was done, and the next step. */
export function WorkOrderPage() {
  const { t } = useTranslation();
  const { workOrderId } = route.useParams();
  const { data, error, isPending, refetch } = useWorkOrder(workOrderId);
  return (
    <div className="page">
      {data && (
        <Link to="/tickets/$ticketId" params={{ ticketId: data.order.ticket_id }}>
          {t("workOrder.ticket")}
        </Link>
      )}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={workOrderId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: Read }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { order } = read;
  const number = useTicketNames([order.ticket_id]).get(order.ticket_id)?.number;
  return (
    <>
      <div className="page-head">
        <h1>{t("workOrder.visitOf", { number: number ?? "…", visit: order.visit })}</h1>
        <span className="stage">
          {label("work_order_status", order.status)}
          {order.pause_reason && ` · ${label("pause_reason", order.pause_reason)}`}
        </span>
        <Steps read={read} number={number} />
      </div>
      <Print visit={order} />
      <div className="work-order">
        <VisitFacts order={order} />
        <ContactPanel order={order} />
        <VisitHistory order={order} />
      </div>
    </>
  );
}

/** What may be done next; each in a dialog of its own. */
function Steps({ read, number }: { read: Read; number: string | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Step | null>(null);
  const [refused, setRefused] = useState<Error | null>(null);
  const steps = stepsOn(read.order, usePerson());
  const close = () => setOpen(null);
  const day = dayOf(slotOf(read.order)?.start ?? current());
  const mayAccept = steps.includes("acceptance");
  useEffect(() => {
    if (mayAccept) padAhead();
  }, [mayAccept]);
  if (steps.length === 0) return null;
  return (
    <>
      <fieldset className="acts" aria-label={t("workOrder.steps")}>
        {steps.map((step, index) => (
          <Button key={step} type={index === 0 ? "primary" : "default"} onClick={() => setOpen(step)}>
            {t(`workOrder.step.${step}`)}
          </Button>
        ))}
      </fieldset>
      {refused && <Refusal number={number ?? ""} error={refused} onClose={() => setRefused(null)} />}
      {open === "plan" && (
        <PlanDialog
          order={read.order}
          day={day}
          number={number}
          onRefused={(_, error) => setRefused(error)}
          onClose={close}
        />
      )}
      {open && open !== "plan" && <StepDialog step={open} read={read} onClose={close} />}
    </>
  );
}
