import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Call } from "../Call";
import { useLabel } from "../labels";
import { Urgency } from "../Urgency";
import { useWarranty } from "../warranty";
import type { TicketDetails, useTicketOf } from "./case";

/** What the customer said; without intake's answer the rest of the page still works. */
export function Matter({ ticket }: { ticket: ReturnType<typeof useTicketOf> }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="matter">
      <h2 id="matter">{t("triage.said")}</h2>
      {ticket.error && <Failure error={ticket.error} onRetry={() => void ticket.refetch()} />}
      {ticket.isPending && <Loading lines={6} />}
      {ticket.data && <Said ticket={ticket.data} />}
    </section>
  );
}

function Said({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const warranty = useWarranty(ticket.warranty);
  return (
    <Facts
      of={[
        [t("ticket.summary"), ticket.summary ?? t("ticket.erased")],
        [t("ticket.requirements"), ticket.requirements],
        [t("queue.kind"), label("ticket_kind", ticket.kind)],
        [t("queue.urgency"), <Urgency key="urgency" code={ticket.urgency} />],
        [t("queue.region"), ticket.region],
        [t("queue.contract"), ticket.contract],
        [t("ticket.warranty"), warranty],
        [t("ticket.opened"), dateTime(ticket.opened_at, ticket.timezone)],
        [t("ticket.name"), ticket.customer?.name],
        [t("ticket.phones"), ticket.customer?.phones?.map((phone) => <Call key={phone.typed} phone={phone} />)],
        [
          t("queue.number"),
          <Link key="ticket" to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
            {ticket.number}
          </Link>,
        ],
      ]}
    />
  );
}
