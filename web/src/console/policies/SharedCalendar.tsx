import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { type CalendarDetails, MAY_SEE, type ReadCalendar, useCalendar } from "./policies";
import { Steps } from "./Steps";
import { titleOf } from "./said";
import "./policies.css";

const route = getRouteApi("/calendars/$calendarId");

/** 共用日历: its versions, each by its years, its draft, and what may be done with it next. */
export function SharedCalendar() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const { calendarId } = route.useParams();
  const { data, error, isPending, refetch } = useCalendar(calendarId);
  return (
    <div className="page">
      <Link to="/policies">{t("policies.back")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data === null && <Empty>{t("policies.unknownCalendar")}</Empty>}
      {data && <Content key={calendarId} read={data} />}
    </div>
  );
}

function Content({ read: { calendar, etag } }: { read: ReadCalendar }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const document = calendar.draft ?? calendar.document;
  return (
    <>
      <div className="page-head">
        <h1>{titleOf(calendar.title, calendar.id)}</h1>
        <Steps
          standing={{ kind: "calendar", rule: calendar, etag }}
          onDraft={() => void navigate({ to: "/calendars/$calendarId/draft", params: { calendarId: calendar.id } })}
        />
      </div>
      {calendar.draft && (
        <Link to="/what-if" search={{ rules: `calendar:${calendar.id}` }}>
          {t("policies.whatIf")}
        </Link>
      )}
      <Versions of={calendar} />
      {document && (
        <section className="panel" aria-labelledby="document">
          <h2 id="document">{t(calendar.draft ? "policies.draft" : "policies.inForce")}</h2>
          <pre className="wide">{JSON.stringify(document, null, 2)}</pre>
        </section>
      )}
    </>
  );
}

function Versions({ of }: { of: CalendarDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const years = of.versions.map(({ name }) => (
    <Link key={name} to="/calendars" search={{ name }} className="version">
      {name}
    </Link>
  ));
  return (
    <section className="panel" aria-labelledby="versions">
      <h2 id="versions">{t("policies.versions")}</h2>
      <Facts
        of={[
          [t("policies.status"), label("rule_status", of.status)],
          [t("policies.inForce"), of.in_force ?? t("policies.none")],
          [t("policies.since"), of.published_at && dateTime(of.published_at)],
          [t("policies.draftedAt"), of.drafted_at && dateTime(of.drafted_at)],
          [t("policies.approvedAt"), of.approved_at && dateTime(of.approved_at)],
          [
            t("policies.years"),
            years.length > 0 && (
              <span key="years" className="acts-of">
                {years}
              </span>
            ),
          ],
        ]}
      />
    </section>
  );
}
