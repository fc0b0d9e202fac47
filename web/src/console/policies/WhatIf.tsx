import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime, day } from "../../lib/times";
import { useWhileShown } from "../../lib/useWhileShown";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { MAY_SEE, type RuleItem, useCalendars, usePolicies } from "./policies";
import { ask, type ReplayItem, useReplays } from "./replays";
import { titleOf } from "./said";
import { rulesOf, type WhatIfSearch } from "./whatIf";
import "../field.css";
import "./policies.css";

const route = getRouteApi("/what-if");

/** 试算: which drafted policy or shared calendar is tried on the tickets of which days; and what was tried before. */
export function WhatIf() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const policies = usePolicies();
  const calendars = useCalendars();
  return (
    <div className="page">
      <Link to="/policies">{t("policies.back")}</Link>
      <h1>{t("policies.whatIf")}</h1>
      <p>{t("policies.whatIfHint")}</p>
      {policies.error && <Failure error={policies.error} onRetry={() => void policies.refetch()} />}
      {calendars.error && <Failure error={calendars.error} onRetry={() => void calendars.refetch()} />}
      {(policies.isPending || calendars.isPending) && <Loading lines={3} />}
      {policies.data && calendars.data && (
        <Question key={JSON.stringify(search)} asked={search} options={optionsOf(policies.data, calendars.data)} />
      )}
      <Earlier />
    </div>
  );
}

function Question({ asked, options }: { asked: WhatIfSearch; options: Option[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const keyOf = useCommandKey();
  const id = useId();
  const [rules, setRules] = useState(asked.rules ?? options[0]?.value ?? "");
  const [from, setFrom] = useState(asked.from ?? "");
  const [to, setTo] = useState(asked.to ?? "");
  const show = useWhileShown((replayId: string) => navigate({ to: "/what-if/$replayId", params: { replayId } }));
  const run = useMutation({
    mutationFn: () => ask(rules, from, to, keyOf({ rules, from, to })),
    onSuccess: show,
  });
  function send(event: FormEvent): void {
    event.preventDefault();
    run.mutate();
  }
  return (
    <form className="panel question" onSubmit={send}>
      <div className="field">
        <label htmlFor={`${id}-rules`}>{t("policies.one")}</label>
        <select id={`${id}-rules`} value={rules} onChange={(event) => setRules(event.target.value)}>
          {options.map(({ value, title, isDraft }) => (
            <option key={value} value={value}>
              {isDraft ? `${title} (${t("policies.draft")})` : `${title} (${value})`}
            </option>
          ))}
        </select>
      </div>
      <Day id={`${id}-from`} label={t("policies.spanFrom")} value={from} onChange={setFrom} max={to} />
      <Day id={`${id}-to`} label={t("policies.spanTo")} value={to} onChange={setTo} min={from} />
      <div className="acts">
        <Button type="primary" htmlType="submit" loading={run.isPending} disabled={!rules}>
          {t("policies.whatIfAsk")}
        </Button>
      </div>
      {run.error && <Failure error={run.error} />}
    </form>
  );
}

interface DayProps {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  min?: string;
  max?: string;
}

function Day({ id, label, onChange, ...rest }: DayProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" required {...rest} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

interface Option {
  value: string;
  title: string;
  isDraft: boolean;
}

/** Drafts first: they are what is to be tried. A calendar in force is what tickets go by already. */
function optionsOf(policies: readonly RuleItem[], calendars: readonly RuleItem[]): Option[] {
  const drafts = [...draftsOf("draft", policies), ...draftsOf("calendar", calendars)];
  const inForce = policies.flatMap(({ in_force, title, id }) =>
    in_force ? [{ value: in_force, title: titleOf(title, id), isDraft: false }] : [],
  );
  return [...drafts, ...inForce];
}

function draftsOf(kind: "draft" | "calendar", rules: readonly RuleItem[]): Option[] {
  return rules
    .filter(({ status }) => status === "draft" || status === "approved")
    .map(({ id, title }) => ({ value: `${kind}:${id}`, title: titleOf(title, id), isDraft: true }));
}

function Earlier() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useReplays();
  return (
    <section className="panel" aria-labelledby="replays">
      <h2 id="replays">{t("policies.replays")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={3} />}
      {data?.items.length === 0 && <Empty>{t("policies.noReplays")}</Empty>}
      <ul>
        {data?.items.map((replay) => (
          <Line key={replay.id} of={replay} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of }: { of: ReplayItem }) {
  const label = useLabel();
  const said = [`${day(of.from)} – ${day(before(of.to))}`, of.requested_by_name, label("job_status", of.status)];
  return (
    <li>
      <Link to="/what-if/$replayId" params={{ replayId: of.id }}>
        {dateTime(of.requested_at)} · {rulesOf(of)}
      </Link>{" "}
      · {said.filter(Boolean).join(" · ")}
    </li>
  );
}

/** The last moment of the last day. */
export function before(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString();
}
