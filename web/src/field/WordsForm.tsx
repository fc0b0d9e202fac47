import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import limits from "../api/limits.gen.json";
import { linesOf } from "../lib/lines";
import { type Act, type Choice, type Chosen, choicesOf, codedAct, isCoded } from "../lib/visitSteps";
import { codes, useLabel } from "./labels";
import { FIELD, type WordedStep } from "./worded";

const { NewPause, Completion, Rejection } = limits.dispatch;
const LONGEST = { note: NewPause.note.max, result: Completion.result.max, reasons: Rejection.reasons.max };

interface WordsFormProps {
  step: WordedStep;
  /** What was said before, to be corrected. */
  before?: Act;
  isBusy: boolean;
  onSay: (act: Act) => void;
  onClose: () => void;
}

/** Asks for the codes and words of a step. */
export function WordsForm({ step, before, isBusy, onSay, onClose }: WordsFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(textOf(before));
  const [chosen, setChosen] = useState<Chosen>(before && isCoded(before.step) ? (before.body as Chosen) : {});
  const field = FIELD[step];
  function say(event: FormEvent): void {
    event.preventDefault();
    onSay(actOf(step, text, chosen));
  }
  return (
    <form onSubmit={say}>
      {isCoded(step) &&
        choicesOf(step, chosen).map((choice) => (
          <CodeField
            key={choice[0]}
            choice={choice}
            onChange={(code) => setChosen((known) => ({ ...known, [choice[0]]: code }))}
          />
        ))}
      <label htmlFor={id}>{t(`workOrder.${field}`)}</label>
      <textarea
        id={id}
        rows={4}
        maxLength={LONGEST[field]}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="pair">
        <button type="submit" className="main" disabled={(field !== "note" && text.trim() === "") || isBusy}>
          {t("workOrder.confirm")}
        </button>
        <button type="button" onClick={onClose}>
          {t("workOrder.abandon")}
        </button>
      </div>
    </form>
  );
}

const NAME = { reason: "reason", outcome: "outcome", next_step: "nextStep" } as const;

function CodeField({
  choice: [field, vocabulary, value],
  onChange,
}: {
  choice: Choice;
  onChange: (code: string) => void;
}) {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t(`workOrder.${NAME[field]}`)}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {codes(vocabulary).map((code) => (
          <option key={code} value={code}>
            {label(vocabulary, code)}
          </option>
        ))}
      </select>
    </>
  );
}

function textOf(act: Act | undefined): string {
  if (act?.step === "completion") return act.body.result;
  if (act?.step === "rejection") return act.body.reasons.join("\n");
  return act && "note" in act.body ? (act.body.note ?? "") : "";
}

function actOf(step: WordedStep, text: string, chosen: Chosen): Act {
  if (isCoded(step)) return codedAct(step, chosen, text);
  return step === "completion" ? { step, body: { result: text } } : { step, body: { reasons: linesOf(text) } };
}
