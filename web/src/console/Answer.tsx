import { useTranslation } from "react-i18next";
import type { components } from "../api/sla.gen";
import { dateTime, duration } from "../lib/times";
import { Empty } from "../ui/Empty";
import { Facts } from "../ui/Facts";
import { useLabel } from "./labels";
import "./Answer.css";

type DueItem = components["schemas"]["DueItem"];
type StepItem = components["schemas"]["StepItem"];

/** When each target is due, and how that comes about, in the zone of its calendar. */
export function Answer({ items }: { items: DueItem[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return <Empty>{t("calculation.nothing")}</Empty>;
  return items.map((item) => <Due key={`${item.policy} ${item.metric}`} item={item} />);
}

function Due({ item }: { item: DueItem }) {
  const { t, i18n } = useTranslation();
  const due = item.due_at ? dateTime(item.due_at, item.timezone) : t("clock.noDeadline");
  return (
    <section className="panel">
      <h2>
        {item.title[i18n.language] ?? item.metric} · {due}
      </h2>
      <Facts
        of={[
          [t("calculation.target"), duration(item.target_seconds * 1000)],
          [t("clock.policy"), item.policy],
          [t("clock.calendar"), `${item.calendar} · ${item.timezone}`],
          [t("calculation.provisional"), item.provisional && t("calculation.provisionalHint")],
        ]}
      />
      <details>
        <summary>{t("calculation.walk")}</summary>
        <Walk steps={item.walk} zone={item.timezone} />
        {item.walked_to && <p>{t("calculation.walkedTo", { at: dateTime(item.walked_to, item.timezone) })}</p>}
      </details>
    </section>
  );
}

function Walk({ steps, zone }: { steps: StepItem[]; zone: string }) {
  const { t } = useTranslation();
  return (
    <table className="walk">
      <thead>
        <tr>
          <th scope="col">{t("calculation.stepFrom")}</th>
          <th scope="col">{t("calculation.stepKind")}</th>
          <th scope="col">{t("calculation.stepRule")}</th>
          <th scope="col">{t("calculation.counted")}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <Step key={step.start} step={step} zone={zone} />
        ))}
      </tbody>
    </table>
  );
}

function Step({ step, zone }: { step: StepItem; zone: string }) {
  const label = useLabel();
  const rule = [label("opening_rule", step.rule), step.detail].filter(Boolean).join(" · ");
  return (
    <tr className={`step-${step.kind}`}>
      <td>{dateTime(step.start, zone)}</td>
      <td>{label("segment", step.kind)}</td>
      <td>{rule}</td>
      <td>{step.counted_seconds > 0 && duration(step.counted_seconds * 1000)}</td>
    </tr>
  );
}
