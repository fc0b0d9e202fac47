import { Button, Input } from "antd";
import { lazy, useId } from "react";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { type Choice, type CodedStep, choicesOf } from "../../lib/visitSteps";
import { codes, useLabel } from "../labels";
import type { SiteStep, Words } from "./site";
import "../field.css";

interface FieldsProps {
  words: Words;
  onChange: (changed: Partial<Words>) => void;
}

/** Asked for by acceptances alone. */
const pad = () => import("../../ui/SignaturePad");
const SignaturePad = lazy(() => pad().then((found) => ({ default: found.SignaturePad })));

/** Begins to fetch the pad; where that fails, it is fetched again with the fields. */
export function padAhead(): void {
  pad().catch(() => undefined);
}

const { NewPause, Completion, Rejection, Acceptance } = limits.dispatch;

/** The fields of a step; some have none, and some wait for what they need: all of them come at once. */
export function StepFields({ step, ...fields }: FieldsProps & { step: SiteStep }) {
  switch (step) {
    case "arrival":
      return <Position {...fields} />;
    case "decline":
    case "customer-call":
    case "pause":
    case "failure":
      return <Coded step={step} {...fields} />;
    case "completion":
      return <Text name="result" max={Completion.result.max} {...fields} />;
    case "rejection":
      return <Text name="reasons" max={Rejection.reasons.max} {...fields} />;
    case "acceptance":
      return <Signature {...fields} />;
    default:
      return null;
  }
}

function Text({ name, max, words, onChange }: FieldsProps & { name: "result" | "reasons" | "note"; max: number }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t(`workOrder.${name}`)}</label>
      <Input.TextArea
        id={id}
        value={words.text}
        maxLength={max}
        autoSize={{ minRows: 3, maxRows: 10 }}
        onChange={(event) => onChange({ text: event.target.value })}
      />
    </>
  );
}

/** What is said in codes, and a note beside them. */
function Coded({ step, words, onChange }: FieldsProps & { step: CodedStep }) {
  const { chosen } = words;
  return (
    <>
      {choicesOf(step, chosen).map((choice) => (
        <Code
          key={choice[0]}
          choice={choice}
          onChange={(code) => onChange({ chosen: { ...chosen, [choice[0]]: code } })}
        />
      ))}
      <Text name="note" max={NewPause.note.max} words={words} onChange={onChange} />
    </>
  );
}

const NAME = { reason: "reason", outcome: "outcome", next_step: "nextStep" } as const;

function Code({ choice: [field, vocabulary, value], onChange }: { choice: Choice; onChange: (code: string) => void }) {
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

const DEGREES = { latitude: 90, longitude: 180 } as const;

/** Where the engineer is: as this device knows it, or typed. */
function Position({ words, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  function locate(): void {
    navigator.geolocation.getCurrentPosition(({ coords: { latitude, longitude, accuracy } }) =>
      onChange({ latitude: String(latitude), longitude: String(longitude), accuracy: String(Math.ceil(accuracy)) }),
    );
  }
  return (
    <>
      <Button onClick={locate}>{t("workOrder.locate")}</Button>
      {(["latitude", "longitude", "accuracy"] as const).map((name) => (
        <div key={name} className="field">
          <label htmlFor={`${id}-${name}`}>{t(`workOrder.${name}`)}</label>
          <input
            id={`${id}-${name}`}
            type="number"
            step="any"
            min={name === "accuracy" ? 0 : -DEGREES[name]}
            max={name === "accuracy" ? undefined : DEGREES[name]}
            value={words[name]}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
        </div>
      ))}
    </>
  );
}

/** Who signs, and the pad on which they do. */
function Signature({ words, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t("workOrder.signedBy")}</label>
      <Input
        id={id}
        autoFocus
        value={words.signedBy}
        maxLength={Acceptance.signed_by.max}
        onChange={(event) => onChange({ signedBy: event.target.value })}
      />
      <SignaturePad name={words.signedBy} onChange={(signature) => onChange({ signature })} />
    </>
  );
}
