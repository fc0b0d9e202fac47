import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Grid } from "../../ui/Grid";
import { Loading } from "../../ui/Loading";
import { ROW, useDensity } from "../density";
import { Forbidden } from "../Forbidden";
import { useTicketsById } from "../tickets";
import { MAY_CALL } from "./callback";
import { type CallbackItem, useCallbacks } from "./callbacks";
import { useColumns } from "./columns";
import { FilterBar } from "./FilterBar";
import type { Filters } from "./filters";
import "./callbacks.css";

const route = getRouteApi("/callbacks");

/** 回访: whom to call, what has waited longest on top. */
export function Callbacks() {
  return hasRole(usePerson(), MAY_CALL) ? <List /> : <Forbidden area="callbacks" />;
}

function List() {
  const { t } = useTranslation();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const callbacks = useCallbacks(filters);
  const change = (wanted: Filters) => void navigate({ search: wanted });
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{t("callbacks.title")}</h1>
        {callbacks.rows && <Age at={callbacks.dataUpdatedAt} />}
      </div>
      <FilterBar filters={filters} onChange={change} />
      {callbacks.error && <Failure error={callbacks.error} onRetry={() => void callbacks.refetch()} />}
      {callbacks.isPending && <Loading lines={12} />}
      {callbacks.rows?.length === 0 && <Nothing filters={filters} onAll={() => change({ view: "all" })} />}
      {callbacks.rows && callbacks.rows.length > 0 && (
        <Rows rows={callbacks.rows} onEnd={callbacks.hasNextPage ? () => void callbacks.fetchNextPage() : undefined} />
      )}
    </div>
  );
}

function Rows({ rows, onEnd }: { rows: CallbackItem[]; onEnd: (() => void) | undefined }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { density } = useDensity();
  const ids = useMemo(() => [...new Set(rows.map((row) => row.ticket_id))], [rows]);
  const columns = useColumns(useTicketsById(ids));
  return (
    <Grid
      label={t("callbacks.title")}
      columns={columns}
      rows={rows}
      rowHeight={ROW[density]}
      keyOf={(row) => row.id}
      onOpen={(row) => void navigate({ to: "/callbacks/$callbackId", params: { callbackId: row.id } })}
      onEnd={onEnd}
    />
  );
}

function Nothing({ filters, onAll }: { filters: Filters; onAll: () => void }) {
  const { t } = useTranslation();
  if (filters.view === "all" && !filters.owner)
    return <Empty next={<Link to="/tickets">{t("triage.nothingHint")}</Link>}>{t("callbacks.nothing")}</Empty>;
  return <Empty next={<Button onClick={onAll}>{t("callbacks.all")}</Button>}>{t("callbacks.nothingFits")}</Empty>;
}
