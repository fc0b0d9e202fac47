import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useId, useState } from "react";
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
import "../field.css";
import "./policies.css";

const route = getRouteApi("/policies");

/** 时限政策: what is in force and what is drafted, the calendars they share, and presets to begin with. */
export function Policies() {
  return hasRole(usePerson(), MAY_SEE) ? <Lists /> : <Forbidden area="policies" />;
}

function Lists() {
  const { t } = useTranslation();
  const label = useLabel();
  const { status } = route.useSearch();
  const policies = usePolicies(status);
  const calendars = useCalendars(status);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("policies.title")}</h1>
        <Link to="/try">{t("policies.try")}</Link>
        <Link to="/what-if">{t("policies.whatIf")}</Link>
      </div>
      {status && (
        <p>
          {t("policies.status")}: {label("rule_status", status)} · <Link to="/policies">{t("policies.showAll")}</Link>
        </p>
      )}
      <section className="panel" aria-labelledby="policies">
        <h2 id="policies">{t("policies.title")}</h2>
        <Rules query={policies} label={t("policies.title")} none={t("policies.noneFits")} />
      </section>
      <section className="panel" aria-labelledby="calendars">
        <h2 id="calendars">{t("policies.calendars")}</h2>
        <Rules
          query={calendars}
          label={t("policies.calendars")}
          none={t(status ? "policies.noneFits" : "policies.noCalendars")}
          isCalendar
        />
      </section>
      {!status && hasRole(usePerson(), AUTHORS) && <Beginnings />}
    </div>
  );
}

interface RulesProps {
  query: ReturnType<typeof usePolicies>;
  label: string;
  /** What it says without rows. */
  none: string;
  isCalendar?: boolean;
}

function Rules({ query, label, none, isCalendar = false }: RulesProps) {
  const { t } = useTranslation();
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Loading lines={3} />;
  if (query.data.length === 0) return <Empty>{none}</Empty>;
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
          <Link to="/calendars/$calendarId" params={{ calendarId: rule.id }}>
            {title}
          </Link>
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

/** What a new policy, or a new calendar, begins with. */
function Beginnings() {
  return (
    <>
      <Presets />
      <NewCalendar />
    </>
  );
}

function NewCalendar() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useId();
  const [id, setId] = useState("");
  function begin(event: FormEvent): void {
    event.preventDefault();
    void navigate({ to: "/calendars/$calendarId/draft", params: { calendarId: id } });
  }
  return (
    <details className="panel">
      <summary>{t("policies.newCalendar")}</summary>
      <form className="question" onSubmit={begin}>
        <div className="field">
          <label htmlFor={field}>{t("policies.newId")}</label>
          <input
            id={field}
            required
            pattern="[a-z][a-z0-9\-]{0,39}"
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
        </div>
        <div className="acts">
          <Button htmlType="submit">{t("policies.write")}</Button>
        </div>
      </form>
    </details>
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
