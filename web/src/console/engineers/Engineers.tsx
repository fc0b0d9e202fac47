import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Grid } from "../../ui/Grid";
import { Loading } from "../../ui/Loading";
import { ROW, useDensity } from "../density";
import { Forbidden } from "../Forbidden";
import { useColumns } from "./columns";
import { type EngineerItem, MAY_SEE, useEngineers, useLoad } from "./engineers";
import { FilterBar } from "./FilterBar";
import { type Filters, filtersIn, fitting, isFiltered } from "./filters";
import { RecordDialog } from "./RecordDialog";

const route = getRouteApi("/engineers");

/** 维修人员: who can be sent, with what skills, and how much is before them. */
export function Engineers() {
  return hasRole(usePerson(), MAY_SEE) ? <List /> : <Forbidden area="engineers" />;
}

function List() {
  const { t } = useTranslation();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const engineers = useEngineers();
  const [adding, setAdding] = useState(false);
  const change = (wanted: Filters) => void navigate({ search: filtersIn({ ...wanted }) });
  const rows = useMemo(() => engineers.data && fitting(engineers.data, filters), [engineers.data, filters]);
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{t("engineers.title")}</h1>
        {rows && <Age at={engineers.dataUpdatedAt} />}
        <Button onClick={() => setAdding(true)}>{t("engineers.register")}</Button>
        <Link to="/imports">{t("engineers.import")}</Link>
      </div>
      <FilterBar filters={filters} engineers={engineers.data ?? []} onChange={change} />
      {engineers.error && <Failure error={engineers.error} onRetry={() => void engineers.refetch()} />}
      {engineers.isPending && <Loading lines={12} />}
      {rows?.length === 0 && <Nothing filtered={isFiltered(filters)} onClear={() => change({})} />}
      {rows && rows.length > 0 && <Rows rows={rows} />}
      {adding && <RecordDialog read={null} now={null} onClose={() => setAdding(false)} />}
    </div>
  );
}

function Rows({ rows }: { rows: EngineerItem[] }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { density } = useDensity();
  const columns = useColumns(useLoad());
  return (
    <Grid
      label={t("engineers.title")}
      columns={columns}
      rows={rows}
      rowHeight={ROW[density]}
      keyOf={(row) => row.id}
      onOpen={(row) => void navigate({ to: "/engineers/$engineerId", params: { engineerId: row.id } })}
    />
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  if (!filtered) return <Empty>{t("engineers.nothing")}</Empty>;
  return <Empty next={<Button onClick={onClear}>{t("queue.clear")}</Button>}>{t("engineers.nothingFits")}</Empty>;
}
