import { useTranslation } from "react-i18next";
import type { VisitStep } from "../lib/visitSteps";
import { arrival, useTaking } from "./useTaking";

/** Steps that ask for nothing: the button takes them. */
type PlainStep = Extract<VisitStep, "confirmation" | "departure" | "arrival" | "resumption">;

export function isPlain(step: VisitStep | undefined): step is PlainStep {
  return step === "confirmation" || step === "departure" || step === "arrival" || step === "resumption";
}

/** Takes a step at one touch, and says where it stands if it was not taken. */
export function StepButton({ id, step, isMain }: { id: string; step: PlainStep; isMain: boolean }) {
  const { t } = useTranslation();
  const { take, isBusy, trouble } = useTaking(id);
  const act = step === "arrival" ? arrival : { step, body: {} };
  return (
    <div>
      <button type="button" className={isMain ? "main" : ""} disabled={isBusy} onClick={() => void take(act)}>
        {t(`workOrder.step.${step}`)}
      </button>
      {trouble && <p role="alert">{t(`field.${trouble}`)}</p>}
    </div>
  );
}
