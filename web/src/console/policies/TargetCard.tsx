import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Facts } from "../../ui/Facts";
import { useLabel } from "../labels";
import type { Policy, Target } from "./policies";
import { allowed, titleOf, useSaid } from "./said";

interface TargetCardProps {
  target: Target;
  policy: Policy;
}

/** One clock in words: what starts, stops and pauses it, and how long it may take. */
export function TargetCard({ target, policy }: TargetCardProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { conditions, whens, duration } = useSaid();
  const hasDays = allowed(target).some(([, { unit }]) => unit === "business_days");
  return (
    <section className="panel" aria-label={titleOf(target.title, target.metric)}>
      <h3>
        {titleOf(target.title, target.metric)} · {label("metric", target.metric)}
      </h3>
      <Facts
        of={[
          [t("policies.appliesWhen"), conditions(target.applies_when)],
          [t("policies.start"), whens(target.start)],
          [t("policies.stop"), whens(target.stop)],
          [t("policies.pause"), whens(target.pause)],
          [t("policies.resume"), whens(target.resume)],
          [t("policies.reopen"), whens(target.reopen)],
          [t("policies.cancel"), whens(target.cancel)],
          [t("calculation.target"), <Times key="times" target={target} />],
          [t("clock.calendar"), <CalendarOf key="calendar" target={target} policy={policy} />],
          [t("policies.warnAt"), `${Math.round((target.warn_at ?? 0.75) * 100)} %`],
          [t("policies.countFrom"), hasDays && label("count_from", target.count_from ?? "next_business_day")],
          [t("policies.onChange"), label("on_change", target.on_change ?? "retroactive")],
          [t("policies.reopening"), target.reopen?.length ? label("reopening", target.reopening ?? "resume") : null],
          [t("policies.resumeWithin"), duration(target.resume_within)],
          [t("policies.pauseAtMost"), duration(target.pause_at_most)],
          [t("policies.sources"), target.sources?.join(" · ")],
          [t("policies.note"), target.note],
        ]}
      />
    </section>
  );
}

function Times({ target }: { target: Target }) {
  const { duration } = useSaid();
  return allowed(target).map(([level, time]) => (
    <div key={level}>
      P{level} {duration(time)}
    </div>
  ));
}

/** A shared calendar goes by the version that is in force; one of the policy's own has the policy's. */
function CalendarOf({ target, policy }: TargetCardProps) {
  const hours = policy.calendars[target.calendar];
  if (typeof hours === "string" || !hours) return hours ?? target.calendar;
  return (
    <Link to="/calendars" search={{ name: `${policy.id}/${policy.version ?? 1}#${target.calendar}` }}>
      {target.calendar} · {hours.timezone}
    </Link>
  );
}
