import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import { problemOf } from "../../lib/problem";
import { dateTime } from "../../lib/times";
import { useWhileShown } from "../../lib/useWhileShown";
import { Dialog } from "../../ui/Dialog";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { planOf, type Values, valuesOf } from "./form";
import { PlanForm } from "./PlanForm";
import { type Move, useMove, useTrial } from "./planning";
import { breaksPromise, isMovable, type Plan, slotOf, type WorkOrder } from "./visit";

interface PlanDialogProps {
  order: WorkOrder;
  /** The day that is looked at. */
  day: string;
  number: string | undefined;
  onDone?: (move: Move, etag: string | null) => void;
  /** The service refused once the dialog was closed: whoever opened it says so. */
  onRefused: (order: WorkOrder, error: Error) => void;
  onClose: () => void;
}

/** A visit: what it is, and where it is to go. What the service would say against it stands there before it is sent. */
export function PlanDialog({ order, day, number, onDone, onRefused, onClose }: PlanDialogProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [values, setValues] = useState<Values>(() => valuesOf(order, day, current()));
  const [refused, setRefused] = useState<Error | null>(null);
  const close = useWhileShown(onClose);
  const showRefused = useWhileShown((error: Error) => {
    setRefused(error);
    return true;
  });
  const move = useMove(
    (made, etag) => {
      onDone?.(made, etag);
      close();
    },
    (refusedMove, error) => showRefused(error) || onRefused(refusedMove.order, error),
  );
  const plan = planOf(values);
  const send = (wanted: Move) => {
    setRefused(null);
    move(wanted);
  };
  const facts = [label("job_type", order.job_type), label("work_order_status", order.status), ...order.skills];
  return (
    <Dialog title={t("workOrder.visitOf", { number: number ?? "…", visit: order.visit })} onClose={onClose}>
      <p>
        {facts.join(" · ")} ·{" "}
        <Link to="/work-orders/$workOrderId" params={{ workOrderId: order.id }}>
          {t("board.openOrder")}
        </Link>
      </p>
      {isMovable(order) && (
        <>
          <PlanForm id={order.id} values={values} onChange={setValues} />
          <Foresight order={order} plan={plan} />
        </>
      )}
      {refused && <Failure error={refused} />}
      <div className="acts">
        {isMovable(order) && (
          <Button type="primary" disabled={!plan} onClick={() => plan && send({ order, plan })}>
            {t("board.plan")}
          </Button>
        )}
        {order.status === "assigned" && (
          <Button onClick={() => send({ order, plan: null })}>{t("board.unassign")}</Button>
        )}
        <Button onClick={onClose}>{t("board.abandon")}</Button>
      </div>
    </Dialog>
  );
}

/** What would be answered, and whether the customer has to be told. */
function Foresight({ order, plan }: { order: WorkOrder; plan: Plan | null }) {
  const { t } = useTranslation();
  const trial = useTrial(order.id, plan);
  const refusal = trial.error && (problemOf(trial.error)?.detail ?? t("state.defect"));
  const promised = plan && breaksPromise(order, plan) && slotOf(order);
  return (
    <div className="foresight">
      {promised && <p>{t("board.promiseKept", { before: dateTime(new Date(promised.start).toISOString()) })}</p>}
      <p role="status" className={refusal ? "refusal" : ""}>
        {refusal || (trial.isSuccess && t("board.possible"))}
      </p>
    </div>
  );
}
