import { useTranslation } from "react-i18next";
import { language } from "../../lib/words";
import { useLabel, type Vocabulary } from "../labels";
import type { Duration, Policy, Target } from "./policies";

type When = Target["start"][number];
type Conditions = NonNullable<Policy["applies_when"]>;

/** Vocabularies of what conditions ask for; the rest are names and numbers of the organisation's own. */
const VOCABULARY: Record<string, Vocabulary> = {
  reason: "pause_reason",
  kind: "ticket_kind",
  job_type: "job_type",
  channel: "channel",
  urgency: "urgency",
  warranty: "verdict",
  verdict: "verdict",
  cause: "cause",
  maintenance_type: "maintenance_type",
};
const TRAITS = [
  "level",
  "kind",
  "channel",
  "urgency",
  "region",
  "contract",
  "customer",
  "warranty",
  "cause",
  "maintenance_type",
] as const;

export function titleOf(title: Record<string, string>, id: string): string {
  return title[language()] ?? title["zh-CN"] ?? title.en ?? id;
}

/** What a policy says, in words. */
export function useSaid() {
  const { t } = useTranslation();
  const label = useLabel();

  function name(field: string): string {
    const trait = TRAITS.find((known) => known === field);
    return trait ? t(`policies.trait.${trait}`) : field;
  }
  function value(field: string, one: string | number | boolean): string {
    const vocabulary = VOCABULARY[field];
    return vocabulary ? label(vocabulary, String(one)) : String(one);
  }
  function conditions(of: Conditions | undefined): string {
    return Object.entries(of ?? {})
      .map(([field, asked]) => {
        const values = (Array.isArray(asked) ? asked : asked.not)
          .map((one) => value(field, one))
          .join(t("policies.or"));
        return t(Array.isArray(asked) ? "policies.is" : "policies.isNot", { name: name(field), values });
      })
      .join(" · ");
  }
  function when(of: When): string {
    if (typeof of === "string") return label("event", of);
    const where = conditions(of.where);
    return where ? t("policies.where", { event: label("event", of.event), where }) : label("event", of.event);
  }
  function whens(of: readonly When[] | undefined): string {
    return (of ?? []).map(when).join(" · ");
  }
  function duration(of: Duration | null | undefined): string {
    if (!of) return "";
    const unit = label("duration_unit", of.unit);
    return t(of.end_of_day ? "policies.toEndOfDay" : "policies.lasts", { amount: of.amount, unit });
  }
  return { conditions, whens, duration };
}

const LEVELS = ["1", "2", "3", "4"] as const;

/** By level what a target allows; the levels that it is not for are left out. */
export function allowed(target: Target): [string, Duration][] {
  return LEVELS.flatMap((level) => {
    const found = target.by_level?.[level] ?? target.within;
    return found ? [[level, found] as [string, Duration]] : [];
  });
}
