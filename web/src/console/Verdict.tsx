import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Facts } from "../ui/Facts";
import type words from "../words/en/console.json";
import type { Warranty } from "./assets";
import { useLabel } from "./labels";

/** A verdict with its days, its clause, the rules that it goes by, and what would change it. */
export function Verdict({ of }: { of: Warranty }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { clause } = of;
  return (
    <>
      <p className="verdict" role="status">
        <strong>{label("verdict", of.verdict)}</strong> · {of.component}
        {of.from && ` · ${t("accounts.days", { from: of.from, until: of.until })}`}
      </p>
      <Facts
        of={[
          [t("accounts.clause"), clause && <Clause key="clause" of={clause} />],
          [t("accounts.reasons"), <Reasons key="reasons" of={of} />],
          [t("accounts.turns"), of.would_change.length > 0 && <Turns key="turns" of={of} />],
        ]}
      />
    </>
  );
}

function Clause({ of }: { of: NonNullable<Warranty["clause"]> }) {
  const { t } = useTranslation();
  const every = of.component_class === "*" ? t("accounts.everyClass") : of.component_class;
  if (!of.number) return `${of.contract} · ${every}`;
  return (
    <>
      <Link to="/contracts/$contractId" params={{ contractId: of.contract }}>
        {of.number}
      </Link>{" "}
      · {every}
    </>
  );
}

function Reasons({ of }: { of: Warranty }) {
  const label = useLabel();
  return (
    <ul>
      {of.reasons.map(({ rule }) => (
        <li key={rule}>{label("warranty_reason", rule)}</li>
      ))}
    </ul>
  );
}

/** Facts that may change a verdict: words for each stand under `accounts.fact`. */
type Fact = keyof (typeof words)["accounts"]["fact"];

function Turns({ of }: { of: Warranty }) {
  const { t } = useTranslation();
  const label = useLabel();
  function said(fact: string, value: string | boolean): string {
    if (typeof value === "boolean") return t(value ? "accounts.yes" : "accounts.no");
    return label(fact === "cause" ? "warranty_cause" : "supplied_by", value);
  }
  return (
    <ul>
      {of.would_change.map(({ fact, to, verdict }) => (
        <li key={`${fact} ${to.join()}`}>
          {t(`accounts.fact.${fact as Fact}`)} {to.map((value) => said(fact, value)).join(" / ")}
          {verdict && ` → ${label("verdict", verdict)}`}
        </li>
      ))}
    </ul>
  );
}
