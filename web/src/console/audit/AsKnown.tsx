import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime, duration } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { type Explanation, MAY_SEE_LOOKS, type Ticket, useKnown, type WorkOrder } from "./audit";
import { Looks } from "./Looks";

/** The ticket, its visits and its clocks as they were known at the moment. */
export function AsKnown({ ticket, at }: { ticket: string; at: string | undefined }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useKnown(ticket, at);
  const maySeeLooks = hasRole(usePerson(), MAY_SEE_LOOKS);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading lines={6} />;
  return (
    <>
      <section className="panel" aria-labelledby="known">
        <h2 id="known">{t("audit.ticket")}</h2>
        {data.ticket ? <About ticket={data.ticket} /> : <Empty>{t("audit.nothingYet")}</Empty>}
        {data.visits.length > 0 && <Visits of={data.visits} />}
        {data.clocks.length > 0 && <Clocks of={data.clocks} />}
      </section>
      {maySeeLooks && data.ticket && <Looks customer={data.ticket.customer_id} />}
    </>
  );
}

function About({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Facts
      of={[
        [
          t("audit.numberOf"),
          <Link key="ticket" to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
            {ticket.number}
          </Link>,
        ],
        [t("audit.version"), String(ticket.version)],
        [t("audit.status"), label("ticket_status", ticket.status)],
        [t("audit.urgency"), label("urgency", ticket.urgency)],
        [t("audit.owner"), ticket.owner_id && (ticket.owner_name ?? t("audit.unknown"))],
        [t("audit.summary"), ticket.summary],
        [t("audit.openedAt"), dateTime(ticket.opened_at)],
        [t("audit.customer"), ticket.customer_id],
      ]}
    />
  );
}

function Visits({ of }: { of: WorkOrder[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <>
      <h3>{t("audit.visits")}</h3>
      <ul>
        {of.map(({ id, visit, status, version }) => (
          <li key={id}>
            <Link to="/work-orders/$workOrderId" params={{ workOrderId: id }}>
              {t("audit.visit", { visit })}
            </Link>{" "}
            · {label("work_order_status", status)} · {t("audit.version")} {version}
          </li>
        ))}
      </ul>
    </>
  );
}

function Clocks({ of }: { of: Explanation[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <>
      <h3>{t("clock.title")}</h3>
      <ul>
        {of.map(({ id, metric, status, verdict, deadline, present, target }) => (
          <li key={id}>
            {[
              label("metric", metric),
              verdict.breached ? t("clock.late") : label("clock_status", status),
              deadline && `${t("clock.due")} ${dateTime(deadline, target.timezone)}`,
              `${t("audit.counted")} ${duration(present.counted_seconds * 1000)}`,
              target.policy,
            ]
              .filter(Boolean)
              .join(" · ")}
          </li>
        ))}
      </ul>
    </>
  );
}
