import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { usePresets } from "../presets";
import { AUTHORS, MAY_SEE, type RuleItem, useCalendars, usePolicies } from "./policies";
import { titleOf } from "./said";
import "./policies.css";

/** 时限政策: what is in force and what is drafted, the calendars they share, and presets to begin with. */
export function Policies() {
  return hasRole(usePerson(), MAY_SEE) ? <Lists /> : <Forbidden area="policies" />;
}

function Lists() {
  const { t } = useTranslation();
  const policies = usePolicies();
  const calendars = useCalendars();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("policies.title")}</h1>
        <Link to="/try">{t("policies.try")}</Link>
      </div>
      <section className="panel" aria-labelledby="policies">
        <h2 id="policies">{t("policies.title")}</h2>
        <Rules query={policies} label={t("policies.title")} />
      </section>
      <section className="panel" aria-labelledby="calendars">
        <h2 id="calendars">{t("policies.calendars")}</h2>
        <Rules query={calendars} label={t("policies.calendars")} isCalendar />
      </section>
      {hasRole(usePerson(), AUTHORS) && <Presets />}
    </div>
  );
}

interface RulesProps {
  query: ReturnType<typeof usePolicies>;
  label: string;
  isCalendar?: boolean;
}

function Rules({ query, label, isCalendar = false }: RulesProps) {
  const { t } = useTranslation();
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Loading lines={3} />;
  if (query.data.length === 0) return <Empty>{t("policies.noCalendars")}</Empty>;
  return (
    <div className="wide">
      <table className="plain" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t("policies.name")}</th>
            <th scope="col">{t("policies.status")}</th>
            <th scope="col">{t("policies.inForce")}</th>
            <th scope="col">{t("policies.since")}</th>
          </tr>
        </thead>
        <tbody>
          {query.data.map((rule) => (
            <Rule key={rule.id} rule={rule} isCalendar={isCalendar} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rule({ rule, isCalendar }: { rule: RuleItem; isCalendar: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const title = titleOf(rule.title, rule.id);
  return (
    <tr>
      <td>
        {isCalendar ? (
          <Year name={rule.in_force} title={title} />
        ) : (
          <Link to="/policies/$policyId" params={{ policyId: rule.id }}>
            {title}
          </Link>
        )}
      </td>
      <td>{label("rule_status", rule.status)}</td>
      <td>{rule.in_force ?? "–"}</td>
      <td>{rule.published_at ? dateTime(rule.published_at) : rule.in_force && t("policies.ships")}</td>
    </tr>
  );
}

/** A calendar that is not in force has no year to show. */
function Year({ name, title }: { name: string | null; title: string }) {
  if (!name) return title;
  return (
    <Link to="/calendars" search={{ name }}>
      {title}
    </Link>
  );
}

function Presets() {
  const { t } = useTranslation();
  const presets = usePresets();
  return (
    <details className="panel">
      <summary>{t("policies.presets")}</summary>
      <ul className="presets">
        {presets.map(({ id, title }) => (
          <li key={id}>
            <Link to="/policies/$policyId/draft" params={{ policyId: id }} search={{ preset: id }}>
              {titleOf(title, id)}
            </Link>{" "}
            · {id}
          </li>
        ))}
      </ul>
    </details>
  );
}
