import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Answer } from "../Answer";
import { Forbidden } from "../Forbidden";
import { usePresets } from "../presets";
import { DueLine } from "./DueLine";
import { MAY_SEE, usePolicies } from "./policies";
import { titleOf } from "./said";
import type { TrySearch } from "./search";
import { type DueItem, useAnswer } from "./tries";
import "../field.css";
import "./policies.css";

const route = getRouteApi("/try");

/** 试一试: when would it be due, under one set of rules or two side by side, each with its walk through the calendar. */
export function Try() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const { one = IN_FORCE, other, level = 2, start } = search;
  return (
    <div className="page">
      <Link to="/policies">{t("policies.back")}</Link>
      <h1>{t("policies.try")}</h1>
      <Question key={JSON.stringify(search)} asked={search} />
      {start && <Answers rules={[one, ...(other ? [other] : [])]} level={level} start={start} />}
    </div>
  );
}

/** The rules that new tickets get. */
const IN_FORCE = "";

function Question({ asked }: { asked: TrySearch }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const [wanted, setWanted] = useState(asked);
  const id = useId();
  function ask(event: FormEvent): void {
    event.preventDefault();
    void navigate({ search: wanted });
  }
  const change = (part: TrySearch) => setWanted((known) => ({ ...known, ...part }));
  return (
    <form className="panel question" onSubmit={ask}>
      <div className="field">
        <label htmlFor={`${id}-start`}>{t("calculation.start")}</label>
        <input
          id={`${id}-start`}
          type="datetime-local"
          required
          value={wanted.start ?? ""}
          onChange={(event) => change({ start: event.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-level`}>{t("triage.level")}</label>
        <select
          id={`${id}-level`}
          value={wanted.level ?? 2}
          onChange={(event) => change({ level: Number(event.target.value) })}
        >
          {[1, 2, 3, 4].map((level) => (
            <option key={level} value={level}>
              P{level}
            </option>
          ))}
        </select>
      </div>
      <Rules
        id={`${id}-one`}
        label={t("policies.one")}
        none={t("calculation.inForce")}
        value={wanted.one}
        onChange={(one) => change({ one })}
      />
      <Rules
        id={`${id}-other`}
        label={t("policies.other")}
        none={t("policies.nothingElse")}
        value={wanted.other}
        onChange={(other) => change({ other })}
      />
      <div className="acts">
        <Button type="primary" htmlType="submit">
          {t("calculation.ask")}
        </Button>
      </div>
    </form>
  );
}

interface RulesProps {
  id: string;
  label: string;
  /** What is meant where nothing is chosen. */
  none: string;
  value: string | undefined;
  onChange: (value: string) => void;
}

function Rules({ id, label, none, value = "", onChange }: RulesProps) {
  const policies = usePolicies().data ?? [];
  const presets = usePresets();
  const inForce = policies.flatMap(({ in_force, title }) =>
    in_force ? [[in_force, titleOf(title, in_force)] as const] : [],
  );
  const others = presets.map((preset) => [`preset:${preset.id}`, titleOf(preset.title, preset.id)] as const);
  const known = [...inForce, ...others];
  const unknown = value && !known.some(([name]) => name === value) ? [[value, value] as const] : [];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{none}</option>
        {[...unknown, ...known].map(([name, title]) => (
          <option key={name} value={name}>
            {title === name ? name : `${title} (${name.replace("preset:", "")})`}
          </option>
        ))}
      </select>
    </div>
  );
}

interface AnswersProps {
  rules: string[];
  level: number;
  start: string;
}

function Answers({ rules, level, start }: AnswersProps) {
  const [one = IN_FORCE, other] = rules;
  const first = useAnswer(one, level, start);
  const second = useAnswer(other ?? one, level, start);
  const latest = Math.max(0, ...[...(first.data ?? []), ...(second.data ?? [])].map(lasts(start)));
  const sides = other === undefined ? [[one, first] as const] : [[one, first] as const, [other, second] as const];
  return (
    <div className="sides">
      {sides.map(([name, answer]) => (
        <Side key={name} name={name} answer={answer} start={start} latest={latest} />
      ))}
    </div>
  );
}

function lasts(start: string): (item: DueItem) => number {
  return ({ due_at }) => (due_at ? Date.parse(due_at) - Date.parse(start) : 0);
}

interface SideProps {
  name: string;
  answer: ReturnType<typeof useAnswer>;
  start: string;
  latest: number;
}

function Side({ name, answer, start, latest }: SideProps) {
  const { t } = useTranslation();
  const title = name.replace("preset:", "") || t("calculation.inForce");
  return (
    <div>
      <section className="panel" aria-label={title}>
        <h2>{title}</h2>
        {answer.error && <Failure error={answer.error} onRetry={() => void answer.refetch()} />}
        {answer.isPending && <Loading lines={4} />}
        {answer.data && <DueLine items={answer.data} start={start} latest={latest} />}
      </section>
      {answer.data && <Answer items={answer.data} />}
    </div>
  );
}
