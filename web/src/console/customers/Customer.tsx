import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { MaskedPhone } from "../../ui/MaskedPhone";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { AmendDialog } from "./AmendDialog";
import { type CustomerFile, MAY_SEE, type Read, useCustomer, useTicketsOf } from "./customers";
import { AccountPanel } from "./people/AccountPanel";
import "./customers.css";

const route = getRouteApi("/customers/$customerId");

/** 客户资料: how to reach one customer, and all their tickets. */
export function Customer() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="customers" />;
}

function Page() {
  const { t } = useTranslation();
  const { customerId } = route.useParams();
  const { data, error, isPending, refetch } = useCustomer(customerId);
  return (
    <div className="page">
      <div className="acts">
        <Link to="/customers">{t("customers.back")}</Link>
        <Link to="/accounts/$customerId" params={{ customerId }}>
          {t("accounts.toFile")}
        </Link>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={8} />}
      {data && <Content key={customerId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: Read }) {
  const { t } = useTranslation();
  const { customer } = read;
  const [shown, setShown] = useState<Read | null>(null);
  return (
    <>
      <div className="page-head">
        <h1>{customer.name ?? t("ticket.erased")}</h1>
        {customer.status !== "erased" && <Button onClick={() => setShown(read)}>{t("customers.amend")}</Button>}
        {shown && <AmendDialog shown={shown} now={read} onClose={() => setShown(null)} />}
      </div>
      <Contact of={customer} />
      {customer.status !== "erased" && <AccountPanel of={customer.id} />}
      <Tickets of={customer.id} />
    </>
  );
}

function Contact({ of }: { of: CustomerFile }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <section className="panel" aria-labelledby="contact">
      <h2 id="contact">{t("customers.contact")}</h2>
      <Facts
        of={[
          [
            t("ticket.phones"),
            of.phones?.map(({ typed, extension }) => (
              <div key={typed}>
                <MaskedPhone number={typed} /> {extension && t("ticket.extension", { extension })}
              </div>
            )),
          ],
          [t("ticket.address"), of.address],
          [t("customers.status"), label("customer_status", of.status)],
        ]}
      />
    </section>
  );
}

function Tickets({ of }: { of: string }) {
  const { t } = useTranslation();
  const tickets = useTicketsOf(of);
  return (
    <section className="panel" aria-labelledby="tickets">
      <h2 id="tickets">{t("queue.title")}</h2>
      {tickets.error && <Failure error={tickets.error} onRetry={() => void tickets.refetch()} />}
      {tickets.isPending && <Loading lines={4} />}
      {tickets.rows?.length === 0 && <Empty>{t("customers.noTickets")}</Empty>}
      {tickets.rows && tickets.rows.length > 0 && <Table rows={tickets.rows} />}
      {tickets.hasNextPage && <Button onClick={() => void tickets.fetchNextPage()}>{t("ticket.more")}</Button>}
    </section>
  );
}

type Rows = NonNullable<ReturnType<typeof useTicketsOf>["rows"]>;

function Table({ rows }: { rows: Rows }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <div className="sideways">
      <table className="of-customer">
        <thead>
          <tr>
            <th scope="col">{t("queue.number")}</th>
            <th scope="col">{t("queue.status")}</th>
            <th scope="col">{t("queue.kind")}</th>
            <th scope="col">{t("queue.summary")}</th>
            <th scope="col">{t("queue.opened")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, number, status, kind, summary, opened_at, timezone }) => (
            <tr key={id}>
              <td>
                <Link to="/tickets/$ticketId" params={{ ticketId: id }}>
                  {number}
                </Link>
              </td>
              <td>{label("ticket_status", status)}</td>
              <td>{label("ticket_kind", kind)}</td>
              <td>{summary ?? t("ticket.erased")}</td>
              <td>{dateTime(opened_at, timezone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
