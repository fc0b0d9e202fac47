import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "../../lib/visitSteps";
import { language } from "../../lib/words";
import type { WorkOrder } from "../lanes";
import { usePhoneState } from "../phone";

interface ChecklistProps {
  order: WorkOrder;
  isBusy: boolean;
  onSay: (act: Act) => void;
  onClose: () => void;
}

/** 行为规范: what the type of job asks at the customer's, ticked by the engineer. */
export function Checklist({ order, isBusy, onSay, onClose }: ChecklistProps) {
  const { t } = useTranslation();
  const { snapshot } = usePhoneState();
  const [kept, setKept] = useState<readonly string[]>(order.conduct ?? []);
  const asked = (snapshot?.conduct ?? []).filter(({ job_types }) => !job_types || job_types.includes(order.job_type));
  function say(event: FormEvent): void {
    event.preventDefault();
    onSay({ step: "conduct", body: { items: [...kept] } });
  }
  return (
    <form onSubmit={say}>
      <fieldset>
        <legend>{t("workOrder.step.conduct")}</legend>
        {asked.map(({ id, text }) => (
          <label key={id} className="tick">
            <input
              type="checkbox"
              checked={kept.includes(id)}
              onChange={() => setKept(kept.includes(id) ? kept.filter((each) => each !== id) : [...kept, id])}
            />
            {text[language()]}
          </label>
        ))}
      </fieldset>
      <div className="pair">
        <button type="submit" className="main" disabled={isBusy || asked.length === 0}>
          {t("workOrder.confirm")}
        </button>
        <button type="button" onClick={onClose}>
          {t("workOrder.abandon")}
        </button>
      </div>
    </form>
  );
}
