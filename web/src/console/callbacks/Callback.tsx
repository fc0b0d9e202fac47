import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Notice } from "../../ui/Notice";
import { Forbidden } from "../Forbidden";
import { History } from "../History";
import { useLabel } from "../labels";
import { type TicketItem, useTicketsById } from "../tickets";
import { Attempt } from "./Attempt";
import { ContactPanel } from "./ContactPanel";
import { MAY_CALL, type Read, useCallback } from "./callback";
import { useFields } from "./fields";
import "./callbacks.css";

const route = getRouteApi("/callbacks/$callbackId");

/** 回访单: whom to call and what to ask, with the ticket's story beside. */
export function Callback() {
  return hasRole(usePerson(), MAY_CALL) ? <Page /> : <Forbidden area="callbacks" />;
}

function Page() {
  const { t } = useTranslation();
  const { callbackId } = route.useParams();
  const { data, error, isPending, refetch } = useCallback(callbackId);
  return (
    <div className="page">
      <Link to="/callbacks">{t("callbacks.back")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={callbackId} read={data} />}
    </div>
  );
}

/** Calls without an answer after which somebody should look at it another way. */
const MANY = 3;

function Content({ read }: { read: Read }) {
  const { t } = useTranslation();
  const { callback } = read;
  const ids = useMemo(() => [callback.ticket_id], [callback.ticket_id]);
  const ticket = useTicketsById(ids).get(callback.ticket_id);
  const zone = ticket?.timezone ?? null;
  return (
    <>
      <div className="page-head">
        <h1>{t("callbacks.of", { number: ticket?.number ?? "…" })}</h1>
        <Attempt read={read} zone={zone} />
      </div>
      {callback.status === "scheduled" && callback.attempts >= MANY && (
        <Notice kind="warning" title={t("callbacks.unreachable", { count: callback.attempts })} />
      )}
      <div className="callback">
        <div className="column">
          <ContactPanel id={callback.id} />
          <Script />
          <Outcome read={read} zone={zone} />
        </div>
        <div className="column">
          {ticket && <Matter ticket={ticket} />}
          <History id={callback.ticket_id} zone={zone} />
        </div>
      </div>
    </>
  );
}

function Outcome({ read: { callback }, zone }: { read: Read; zone: string | null }) {
  const { t } = useTranslation();
  const fields = useFields(zone);
  return (
    <section className="panel" aria-labelledby="outcome">
      <h2 id="outcome">{t("callbacks.title")}</h2>
      <Facts of={fields.map(([name, said]) => [name, said(callback)])} />
    </section>
  );
}

/** What was repaired. The ticket's own page has its customer: opening that is a look at them. */
function Matter({ ticket }: { ticket: TicketItem }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <section className="panel" aria-labelledby="matter">
      <h2 id="matter">{t("ticket.about")}</h2>
      <Facts
        of={[
          [t("queue.summary"), ticket.summary ?? t("ticket.erased")],
          [t("queue.kind"), label("ticket_kind", ticket.kind)],
          [t("queue.region"), ticket.region],
          [t("queue.contract"), ticket.contract],
          [t("queue.owner"), ticket.owner_name],
        ]}
      />
      <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
        {t("register.open")}
      </Link>
    </section>
  );
}

const STEPS = ["greet", "works", "conduct", "score", "else"] as const;

/** 回访话术: what to ask, in this order. */
function Script() {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="script">
      <h2 id="script">{t("callbacks.script.title")}</h2>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>{t(`callbacks.script.${step}`)}</li>
        ))}
      </ol>
    </section>
  );
}
