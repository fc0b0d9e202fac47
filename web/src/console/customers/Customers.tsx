import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { masked } from "../../lib/phone";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { type Column, Grid } from "../../ui/Grid";
import { Loading } from "../../ui/Loading";
import { ROW, useDensity } from "../density";
import { Forbidden } from "../Forbidden";
import { type CustomerItem, MAY_SEE, useCustomers, type Wanted } from "./customers";
import "./customers.css";

/** 客户: found by name or number, and nobody is listed unasked. */
export function Customers() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="customers" />;
}

const NOBODY: Wanted = { name: "", phone: "" };
/** What was looked for last: kept out of the address, which browsers remember, and gone with the tab. */
let last = NOBODY;

function Page() {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(last);
  function find(asked: Wanted): void {
    last = asked;
    setWanted(asked);
  }
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{t("customers.title")}</h1>
        <Link to="/imports">{t("customers.import")}</Link>
      </div>
      <Search begun={wanted} onFind={find} />
      {wanted.name || wanted.phone ? <Found wanted={wanted} /> : <Empty>{t("customers.ask")}</Empty>}
    </div>
  );
}

function Search({ begun, onFind }: { begun: Wanted; onFind: (wanted: Wanted) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState(begun);
  function find(event: FormEvent): void {
    event.preventDefault();
    onFind({ name: typed.name.trim(), phone: typed.phone.replace(/\D/g, "") });
  }
  return (
    <search>
      <form className="filter-bar" onSubmit={find}>
        <label htmlFor={`${id}-name`}>{t("customers.name")}</label>
        <input
          id={`${id}-name`}
          maxLength={100}
          value={typed.name}
          onChange={(event) => setTyped({ ...typed, name: event.target.value })}
        />
        <label htmlFor={`${id}-phone`}>{t("customers.phone")}</label>
        <input
          id={`${id}-phone`}
          inputMode="tel"
          maxLength={20}
          value={typed.phone}
          onChange={(event) => setTyped({ ...typed, phone: event.target.value })}
        />
        <Button htmlType="submit" type="primary">
          {t("customers.find")}
        </Button>
      </form>
    </search>
  );
}

function Found({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { density } = useDensity();
  const found = useCustomers(wanted);
  const columns = useColumns();
  if (found.error) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.rows) return <Loading lines={6} />;
  if (found.rows.length === 0)
    return <Empty next={<Link to="/register">{t("queue.nothingHint")}</Link>}>{t("customers.nobody")}</Empty>;
  return (
    <Grid
      label={t("customers.title")}
      columns={columns}
      rows={found.rows}
      rowHeight={ROW[density]}
      keyOf={(row) => row.id}
      onOpen={(row) => void navigate({ to: "/customers/$customerId", params: { customerId: row.id } })}
      onEnd={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
    />
  );
}

function useColumns(): Column<CustomerItem>[] {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => [
      {
        key: "name",
        title: t("ticket.name"),
        width: "minmax(120px, 1fr)",
        cell: (row) => (
          <Link to="/customers/$customerId" params={{ customerId: row.id }} tabIndex={-1}>
            {row.name ?? t("ticket.erased")}
          </Link>
        ),
      },
      {
        key: "phones",
        title: t("ticket.phones"),
        width: "minmax(140px, 1fr)",
        cell: (row) => row.phones?.map(({ typed }) => masked(typed)).join(" · "),
      },
      { key: "address", title: t("ticket.address"), width: "minmax(200px, 3fr)", cell: (row) => row.address },
    ],
    [i18n.language],
  );
}
