import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Notice } from "../../ui/Notice";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { Month } from "./Month";
import { byMonth, hoursOf, type Year } from "./months";
import { MAY_SEE, useYear } from "./policies";
import "./policies.css";

const route = getRouteApi("/calendars");

/** 日历: a year by months: what is worked, what is a holiday, and which Saturdays are worked in lieu. */
export function Calendar() {
  const { t } = useTranslation();
  const { name } = route.useSearch();
  if (!hasRole(usePerson(), MAY_SEE)) return <Forbidden area="policies" />;
  return (
    <div className="page">
      <Link to="/policies">{t("policies.back")}</Link>
      {name ? <OneYear name={name} /> : <Empty>{t("policies.noCalendar")}</Empty>}
    </div>
  );
}

function OneYear({ name }: { name: string }) {
  const { t } = useTranslation();
  const { year = new Date(current()).getFullYear() } = route.useSearch();
  const { data, error, isPending, refetch } = useYear(name, year);
  return (
    <>
      <div className="page-head">
        <h1>{t("policies.calendarOf", { name, year })}</h1>
        <nav className="acts-of" aria-label={t("policies.years")}>
          {[year - 1, year + 1].map((one) => (
            <Link key={one} to="/calendars" search={{ name, year: one }}>
              {one}
            </Link>
          ))}
        </nav>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content of={data} />}
    </>
  );
}

function Content({ of }: { of: Year }) {
  const { t } = useTranslation();
  return (
    <>
      {of.provisional && <Notice kind="warning" title={t("calculation.provisionalHint")} />}
      <p>{of.timezone}</p>
      <div className="months">
        {byMonth(of.days).map(([month, days]) => (
          <Month key={month} month={month} days={days} />
        ))}
      </div>
      <Exceptions of={of} />
    </>
  );
}

/** In words what is otherwise than the week says: the same as the months show by signs. */
function Exceptions({ of }: { of: Year }) {
  const { t } = useTranslation();
  const label = useLabel();
  const days = of.days.filter(({ rule }) => rule !== "weekly_hours");
  return (
    <section className="panel" aria-labelledby="exceptions">
      <h2 id="exceptions">{t("policies.exceptions")}</h2>
      {days.length + of.closures.length === 0 && <Empty>{t("policies.noExceptions")}</Empty>}
      <ul>
        {days.map((day) => (
          <li key={day.date}>
            {[day.date, label("opening_rule", day.rule), day.detail, hoursOf(day)].filter(Boolean).join(" · ")}
          </li>
        ))}
        {of.closures.map(({ start, end }) => (
          <li key={start}>
            {label("opening_rule", "closure")} · {dateTime(start, of.timezone)} – {dateTime(end, of.timezone)}
          </li>
        ))}
      </ul>
    </section>
  );
}
