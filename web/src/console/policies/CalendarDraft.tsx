import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { hasRole, usePerson } from "../../lib/person";
import { isProblem, problemOf } from "../../lib/problem";
import { useWhileShown } from "../../lib/useWhileShown";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Notice } from "../../ui/Notice";
import { Forbidden } from "../Forbidden";
import { calendarIn, flawsIn, textOf } from "./document";
import { Flaws } from "./Flaws";
import { AUTHORS, type ReadCalendar, type SharedCalendar, useCalendar } from "./policies";
import { draftCalendar } from "./steps";
import "./policies.css";

const route = getRouteApi("/calendars/$calendarId/draft");

/** 起草日历: the next version of a shared calendar, or the first of a new one. */
export function CalendarDraft() {
  return hasRole(usePerson(), AUTHORS) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const { calendarId } = route.useParams();
  const { data, error, isPending } = useCalendar(calendarId);
  return (
    <div className="page">
      <Link to="/policies">{t("policies.back")}</Link>
      <h1>{t("policies.writing", { id: calendarId })}</h1>
      {error && <Failure error={error} />}
      {isPending && <Loading lines={12} />}
      {data !== undefined && <Form key={calendarId} id={calendarId} read={data} />}
    </div>
  );
}

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"];

/** What a new one begins with. */
function blank(id: string): SharedCalendar {
  const weekly_hours: SharedCalendar["weekly_hours"] = {};
  for (const day of WORKDAYS) weekly_hours[day] = [["09:00", "18:00"]];
  return { id, title: { "zh-CN": id, en: id }, timezone: "Asia/Shanghai", weekly_hours, public_holidays: "CN" };
}

function Form({ id, read }: { id: string; read: ReadCalendar | null }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const field = useId();
  const [text, setText] = useState(() => textOf(read?.calendar.draft ?? read?.calendar.document ?? blank(id)));
  const [shown, setShown] = useState(read);
  const document = calendarIn(text, id);
  const leave = useWhileShown(() => navigate({ to: "/calendars/$calendarId", params: { calendarId: id } }));
  const run = useMutation({
    mutationFn: ({ on, wanted }: { on: ReadCalendar | null; wanted: SharedCalendar }) =>
      draftCalendar(on?.etag, wanted, keyOf([on?.etag, wanted])),
    onSuccess: leave,
    onSettled: () => queries.invalidateQueries({ queryKey: ["policies"] }),
  });
  const flaws = flawsIn(problemOf(run.error)?.errors);
  const isStale = isProblem(run.error, "stale-version");
  function save(): void {
    if (!document) return;
    const on = isStale ? read : shown;
    setShown(on);
    run.mutate({ on, wanted: document });
  }
  return (
    <>
      {flaws.length > 0 && <Flaws of={flaws} />}
      {isStale && <Notice kind="warning" title={t("policies.changed")} />}
      {run.error && flaws.length === 0 && !isStale && <Failure error={run.error} />}
      <section className="panel document">
        <label htmlFor={field}>{t("policies.json")}</label>
        <textarea id={field} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
        {!document && <p role="alert">{t("policies.noCalendarDocument", { id })}</p>}
      </section>
      <div className="acts">
        <Button type="primary" loading={run.isPending} disabled={!document} onClick={save}>
          {t("policies.save")}
        </Button>
      </div>
    </>
  );
}
