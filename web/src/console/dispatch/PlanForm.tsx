import { useId } from "react";
import { useTranslation } from "react-i18next";
import { duration } from "../../lib/times";
import { instantOf } from "./day";
import { lengthsWith, type Values } from "./form";
import { nameOf } from "./lanes";
import { useEngineers } from "./orders";
import { useCandidates } from "./planning";

interface PlanFormProps {
  id: string;
  values: Values;
  onChange: (values: Values) => void;
}

/** Who, and when: candidates first, with what speaks for them, and how many cannot go and why. */
export function PlanForm({ id, values, onChange }: PlanFormProps) {
  const { t } = useTranslation();
  const fields = useId();
  const set = (changed: Partial<Values>) => onChange({ ...values, ...changed });
  return (
    <div className="plan-form">
      <label htmlFor={`${fields}-day`}>{t("board.day")}</label>
      <input
        id={`${fields}-day`}
        type="date"
        required
        value={values.day}
        onChange={(event) => set({ day: event.target.value })}
      />
      <label htmlFor={`${fields}-time`}>{t("board.time")}</label>
      <input
        id={`${fields}-time`}
        type="time"
        step={900}
        required
        value={values.time}
        onChange={(event) => set({ time: event.target.value })}
      />
      <label htmlFor={`${fields}-minutes`}>{t("board.length")}</label>
      <select
        id={`${fields}-minutes`}
        value={values.minutes}
        onChange={(event) => set({ minutes: Number(event.target.value) })}
      >
        {lengthsWith(values.minutes).map((minutes) => (
          <option key={minutes} value={minutes}>
            {duration(minutes * 60_000)}
          </option>
        ))}
      </select>
      <Person id={id} values={values} onChange={set} />
      <label htmlFor={`${fields}-confirmed`}>{t("board.confirmed")}</label>
      <input
        id={`${fields}-confirmed`}
        type="checkbox"
        checked={values.confirmed}
        onChange={(event) => set({ confirmed: event.target.checked })}
      />
    </div>
  );
}

interface PersonProps {
  id: string;
  values: Values;
  onChange: (changed: { engineerId: string }) => void;
}

function Person({ id, values, onChange }: PersonProps) {
  const { t } = useTranslation();
  const field = useId();
  const engineers = useEngineers();
  const { data } = useCandidates(id, instantOf(values.day, values.time), values.minutes);
  const candidates = data?.items ?? [];
  const chosen = new Set(candidates.map(({ engineer_id }) => engineer_id));
  const others = (engineers.data ?? []).filter((engineer) => !chosen.has(engineer.id));
  const reasons = (data?.blocked ?? []).map(({ code, engineers: count }) => `${t(`board.obstacle.${code}`)} ${count}`);
  return (
    <>
      <label htmlFor={field}>{t("board.person")}</label>
      <select
        id={field}
        required
        aria-describedby={`${field}-why`}
        value={values.engineerId}
        onChange={(event) => onChange({ engineerId: event.target.value })}
      >
        <option value="">{t("board.choose")}</option>
        <optgroup label={t("board.candidates")}>
          {candidates.map((one) => (
            <option key={one.engineer_id} value={one.engineer_id}>
              {[
                nameOf({ id: one.engineer_id, name: one.name }),
                t("board.visits", { count: one.visits }),
                one.knows_customer && t("board.known"),
              ]
                .filter(Boolean)
                .join(" · ")}
            </option>
          ))}
        </optgroup>
        <optgroup label={t("board.others")}>
          {others.map((engineer) => (
            <option key={engineer.id} value={engineer.id}>
              {nameOf(engineer)}
            </option>
          ))}
        </optgroup>
      </select>
      <p id={`${field}-why`} className="hint">
        {reasons.length > 0 && t("board.blocked", { reasons: reasons.join(" · ") })}
      </p>
    </>
  );
}
