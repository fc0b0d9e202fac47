import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import limits from "../api/limits.gen.json";
import { linesOf } from "../lib/lines";
import type { VisitStep } from "../lib/visitSteps";
import type { Act } from "./command";
import { codes, useLabel } from "./labels";

/** Steps that are said in words. */
export type WordedStep = Extract<VisitStep, "pause" | "completion" | "rejection">;
type Reason = Extract<Act, { step: "pause" }>["body"]["reason"];

const { NewPause, Completion, Rejection } = limits.dispatch;
const LONGEST = { pause: NewPause.note.max, completion: Completion.result.max, rejection: Rejection.reasons.max };
const FIELD = { pause: "note", completion: "result", rejection: "reasons" } as const;

export function isWorded(step: VisitStep | null): step is WordedStep {
  return step === "pause" || step === "completion" || step === "rejection";
}

interface WordsFormProps {
  step: WordedStep;
  /** What was said before, to be corrected. */
  before?: Act;
  isBusy: boolean;
  onSay: (act: Act) => void;
  onClose: () => void;
}

/** Asks for the words of a step. */
export function WordsForm({ step, before, isBusy, onSay, onClose }: WordsFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(textOf(before));
  const [reason, setReason] = useState<Reason>(before?.step === "pause" ? before.body.reason : "waiting_parts");
  const isSaid = step === "pause" || text.trim() !== "";
  function say(event: FormEvent): void {
    event.preventDefault();
    onSay(actOf(step, text, reason));
  }
  return (
    <form onSubmit={say}>
      {step === "pause" && <ReasonField value={reason} onChange={setReason} />}
      <label htmlFor={id}>{t(`workOrder.${FIELD[step]}`)}</label>
      <textarea
        id={id}
        rows={4}
        maxLength={LONGEST[step]}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="pair">
        <button type="submit" className="main" disabled={!isSaid || isBusy}>
          {t("workOrder.confirm")}
        </button>
        <button type="button" onClick={onClose}>
          {t("workOrder.abandon")}
        </button>
      </div>
    </form>
  );
}

function ReasonField({ value, onChange }: { value: Reason; onChange: (reason: Reason) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t("workOrder.reason")}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Reason)}>
        {codes("pause_reason").map((code) => (
          <option key={code} value={code}>
            {label("pause_reason", code)}
          </option>
        ))}
      </select>
    </>
  );
}

function textOf(act: Act | undefined): string {
  if (act?.step === "pause") return act.body.note ?? "";
  if (act?.step === "completion") return act.body.result;
  return act?.step === "rejection" ? act.body.reasons.join("\n") : "";
}

function actOf(step: WordedStep, text: string, reason: Reason): Act {
  if (step === "pause") return { step, body: text.trim() ? { reason, note: text } : { reason } };
  return step === "completion" ? { step, body: { result: text } } : { step, body: { reasons: linesOf(text) } };
}
