import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, leave, usePerson } from "../../lib/person";
import { dateTime, duration } from "../../lib/times";
import { language, speak } from "../../lib/words";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useDensity } from "../density";
import { useLabel } from "../labels";
import { MAY_SEE, type Session, type Settings, useSettings } from "./settings";
import "../../ui/Choices.css";

/** 设置: what a person chose for this browser, where they are signed in, and what the department is set to. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useSettings();
  const maySee = hasRole(usePerson(), MAY_SEE);
  return (
    <div className="page">
      <h1>{t("settings.title")}</h1>
      <div className="acts">
        <Link to="/settings/snippets">{t("settings.snippets")}</Link>
        <Link to="/settings/hotlines">{t("settings.hotlines")}</Link>
      </div>
      <Own />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={6} />}
      {data && <Sessions of={data} />}
      {data && maySee && <Department of={data} />}
    </div>
  );
}

function Own() {
  const { t } = useTranslation();
  const label = useLabel();
  const person = usePerson();
  return (
    <section className="panel" aria-labelledby="own">
      <h2 id="own">{t("settings.own")}</h2>
      <Facts
        of={[
          [t("settings.name"), person.name],
          [t("settings.roles"), person.roles.map((role) => label("role", role)).join(", ")],
          [t("settings.region"), person.region],
        ]}
      />
      <Wishes />
    </section>
  );
}

const LANGUAGES = [
  { value: "zh-CN", label: "中文" },
  { value: "en", label: "English" },
] as const;

/** They hold for this browser. */
function Wishes() {
  const { t } = useTranslation();
  const { density, setDensity } = useDensity();
  const densities = (["compact", "comfortable"] as const).map((value) => ({ value, label: t(`settings.${value}`) }));
  return (
    <>
      <Choice
        label={t("settings.language")}
        options={LANGUAGES}
        value={language()}
        onChange={(value) => void speak(value)}
      />
      <Choice label={t("settings.density")} options={densities} value={density} onChange={setDensity} />
    </>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, options, value, onChange }: ChoiceProps<Value>) {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={label} checked={option.value === value} onChange={() => onChange(option.value)} />{" "}
          {option.label}{" "}
        </label>
      ))}
    </fieldset>
  );
}

function Sessions({ of }: { of: Settings }) {
  const { t } = useTranslation();
  const lasts = { idle: duration(of.idle_seconds * 1000), most: duration(of.session_seconds * 1000) };
  return (
    <section className="panel" aria-labelledby="sessions">
      <h2 id="sessions">{t("settings.sessions", { count: of.sessions.length })}</h2>
      <p>{t("settings.lasts", lasts)}</p>
      <ul>
        {of.sessions.map((session) => (
          <Line key={`${session.began_at} ${session.ends_at}`} of={session} />
        ))}
      </ul>
      <form method="post" action="/auth/logout/everywhere" onSubmit={leave}>
        <button type="submit">{t("menu.signOutEverywhere")}</button>
      </form>
    </section>
  );
}

function Line({ of }: { of: Session }) {
  const { t } = useTranslation();
  return (
    <li>
      {t("settings.session", { began: dateTime(of.began_at), used: dateTime(of.used_at), ends: dateTime(of.ends_at) })}
      {of.is_this && <strong> {t("settings.this")}</strong>}
    </li>
  );
}

function Department({ of }: { of: Settings }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="department">
      <h2 id="department">{t("settings.department")}</h2>
      <Facts
        of={[
          [t("settings.timezone"), of.timezone],
          [t("settings.phoneRegion"), of.phone_region],
          [t("settings.idle"), duration(of.idle_seconds * 1000)],
          [t("settings.most"), duration(of.session_seconds * 1000)],
        ]}
      />
      <p>{t("settings.readOnly")}</p>
    </section>
  );
}
