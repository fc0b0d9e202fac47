import { useId } from "react";
import { useTranslation } from "react-i18next";
import { codes, useLabel } from "../labels";
import { type Flaw, flawsOf, timesOf, withTime } from "./document";
import type { Duration, Policy } from "./policies";
import { titleOf } from "./said";
import "../field.css";

interface TimesProps {
  document: Policy;
  flaws: readonly Flaw[];
  onChange: (document: Policy) => void;
}

/** What is changed most: how long each target may take, by level; the flaws of a target stand at it. */
export function Times({ document, flaws, onChange }: TimesProps) {
  const { t } = useTranslation();
  return (
    <div className="targets times">
      {document.targets.map((target, index) => (
        <fieldset key={index} className="panel">
          <legend>{titleOf(target.title ?? {}, target.metric)}</legend>
          {timesOf(target).map(([place, time]) => (
            <Time
              key={place}
              name={place === "within" ? t("policies.allLevels") : `P${place}`}
              time={time}
              onChange={(wanted) => onChange(withTime(document, index, place, wanted))}
            />
          ))}
          <FlawsOf target={index} flaws={flaws} />
        </fieldset>
      ))}
    </div>
  );
}

function Time({ name, time, onChange }: { name: string; time: Duration; onChange: (time: Duration) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{name}</label>{" "}
      <input
        id={id}
        type="number"
        min={0}
        step="any"
        value={time.amount}
        onChange={(event) => onChange({ ...time, amount: Number(event.target.value) })}
      />{" "}
      <select
        aria-label={t("policies.unitOf", { name })}
        value={time.unit}
        onChange={(event) => onChange({ ...time, unit: event.target.value as Duration["unit"] })}
      >
        {codes("duration_unit").map((unit) => (
          <option key={unit} value={unit}>
            {label("duration_unit", unit)}
          </option>
        ))}
      </select>
    </div>
  );
}

function FlawsOf({ target, flaws }: { target: number; flaws: readonly Flaw[] }) {
  const own = flawsOf(flaws, target);
  if (own.length === 0) return null;
  return (
    <div role="alert">
      <ul className="flaws">
        {own.map(({ place, detail }) => (
          <li key={`${place} ${detail}`}>
            <code>{place}</code> {detail}
          </li>
        ))}
      </ul>
    </div>
  );
}
