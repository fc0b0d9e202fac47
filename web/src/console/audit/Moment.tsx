import { Button } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { localOf, stepOf } from "./moments";

interface MomentProps {
  moments: readonly string[];
  /** Undefined: now. */
  at: string | undefined;
  onChange: (at: string | undefined) => void;
}

/** As known when: step by step through what became known, or at any time. */
export function Moment({ moments, at, onChange }: MomentProps) {
  const { t } = useTranslation();
  const id = useId();
  const step = stepOf(moments, at);
  const said = at === undefined ? t("audit.now") : dateTime(at);
  return (
    <section className="panel question" aria-label={t("audit.moment")}>
      <div className="field">
        <label htmlFor={`${id}-step`}>{t("audit.step", { step: step + 1, steps: moments.length })}</label>
        <input
          id={`${id}-step`}
          type="range"
          min={0}
          max={moments.length}
          value={step + 1}
          aria-valuetext={said}
          onChange={(event) => onChange(momentAt(moments, event.target.valueAsNumber))}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-at`}>{t("audit.at")}</label>
        <input
          id={`${id}-at`}
          type="datetime-local"
          step={1}
          value={at === undefined ? "" : localOf(at)}
          onChange={(event) => onChange(event.target.value ? new Date(event.target.value).toISOString() : undefined)}
        />
      </div>
      <p role="status">{t("audit.asKnown", { at: said })}</p>
      <div className="acts">
        <Button disabled={at === undefined} onClick={() => onChange(undefined)}>
          {t("audit.toNow")}
        </Button>
      </div>
    </section>
  );
}

/** Step 0 is before anything was known. */
function momentAt(moments: readonly string[], step: number): string {
  const first = moments[0] as string;
  return step > 0 ? (moments[step - 1] as string) : new Date(Date.parse(first) - 1000).toISOString();
}
