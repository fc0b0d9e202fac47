import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Act, nextSteps, type VisitStep } from "../../lib/visitSteps";
import type { Entry } from "../command";
import { Link } from "../Link";
import { isStopped, type WorkOrder, waitingIn } from "../lanes";
import { isPlain, StepButton } from "../StepButton";
import { useTaking } from "../useTaking";
import { isWorded, WordsForm } from "../worded";

/** What can be done now, the next step first; what needs words asks for them in place. */
export function Steps({ order, log }: { order: WorkOrder; log: readonly Entry[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<VisitStep | null>(null);
  const { take, isBusy, trouble } = useTaking(order.id);
  const waiting = waitingIn(log, order.id);
  const asking = {
    isBusy,
    onSay: async (act: Act) => {
      if (await take(act)) setOpen((now) => (now === act.step ? null : now));
    },
    onClose: () => setOpen(null),
  };
  if (isStopped(log, order.id)) return <Link to={{ page: "log" }}>{t("field.stopped")}</Link>;
  return (
    <section aria-label={t("workOrder.steps")} className="steps">
      {waiting > 0 && <p className="quiet">{t("field.waiting", { count: waiting })}</p>}
      {nextSteps(order).map((step, index) => (
        <Choice key={step} step={step} id={order.id} isMain={index === 0} onOpen={() => setOpen(step)} />
      ))}
      {open && nextSteps(order).includes(open) && (
        <Suspense>
          {isWorded(open) && <WordsForm key={open} step={open} {...asking} />}
          {open === "conduct" && <Checklist order={order} {...asking} />}
        </Suspense>
      )}
      {trouble && <p role="alert">{t(`field.${trouble}`)}</p>}
    </section>
  );
}

/** As the form of words: fetched beside the first page. */
const list = import("./Checklist");
const Checklist = lazy(() => list.then((found) => ({ default: found.Checklist })));

interface ChoiceProps {
  step: VisitStep;
  id: string;
  isMain: boolean;
  onOpen: () => void;
}

function Choice({ step, id, isMain, onOpen }: ChoiceProps) {
  const { t } = useTranslation();
  if (isPlain(step)) return <StepButton id={id} step={step} isMain={isMain} />;
  if (step === "acceptance" || step === "rejection")
    return (
      <Link className={isMain ? "button main" : "button"} to={{ page: "acceptance", id }}>
        {t(`workOrder.step.${step}`)}
      </Link>
    );
  return (
    <button type="button" className={isMain ? "main" : ""} onClick={onOpen}>
      {t(`workOrder.step.${step}`)}
    </button>
  );
}
