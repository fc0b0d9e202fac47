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
import { AssignDialog } from "../AssignDialog";
import { ClaimNotice } from "../ClaimNotice";
import { useOpenClocks } from "../clocks";
import { ROW, useDensity } from "../density";
import { Forbidden } from "../Forbidden";
import { type TicketItem, useTicketsById } from "../tickets";
import { useOwnerActs } from "../useOwnerActs";
import { MAY_ACT } from "./acts";
import { type CaseItem, useCases } from "./cases";
import { useColumns } from "./columns";
import { FilterBar } from "./FilterBar";
import { type Filters, filtersIn, isFiltered } from "./filters";
import "./triage.css";

const route = getRouteApi("/triage");

/** 研判: the cases, without a level first and then by level, or by deadline. */
export function TriageQueue() {
  const person = usePerson();
  return hasRole(person, MAY_ACT) ? <Queue /> : <Forbidden area="triage" />;
}

function Queue() {
  const { t } = useTranslation();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const cases = useCases(filters);
  const change = (wanted: Filters) => void navigate({ search: filtersIn({ ...wanted }) });
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{t("triage.title")}</h1>
        {cases.rows && <Age at={cases.dataUpdatedAt} />}
      </div>
      <FilterBar filters={filters} onChange={change} />
      {cases.error && <Failure error={cases.error} onRetry={() => void cases.refetch()} />}
      {cases.isPending && <Loading lines={12} />}
      {cases.rows?.length === 0 && <Nothing filters={filters} onClear={() => change({})} />}
      {cases.rows && cases.rows.length > 0 && (
        <Rows rows={cases.rows} onEnd={cases.hasNextPage ? () => void cases.fetchNextPage() : undefined} />
      )}
    </div>
  );
}

function Rows({ rows, onEnd }: { rows: CaseItem[]; onEnd: (() => void) | undefined }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { density } = useDensity();
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const tickets = useTicketsById(ids);
  const { claim, assign, outcome, failed, assigning, close } = useOwnerActs();
  const columns = useColumns(tickets, useOpenClocks(ids), { onClaim: claim, onAssign: assign });
  const onTicket = (act: (ticket: TicketItem) => void) => (row: CaseItem) => {
    const ticket = tickets.get(row.id);
    if (ticket) act(ticket);
  };
  return (
    <>
      {failed && <Failure error={failed} />}
      {outcome && <ClaimNotice of={outcome} owner={tickets.get(outcome.ticketId)?.owner_name} />}
      <Grid
        label={t("triage.title")}
        columns={columns}
        rows={rows}
        rowHeight={ROW[density]}
        keyOf={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/triage/$ticketId", params: { ticketId: row.id } })}
        acts={{ c: onTicket(claim), a: onTicket(assign) }}
        onEnd={onEnd}
      />
      {assigning && <AssignDialog ticket={assigning} onClose={close} />}
    </>
  );
}

function Nothing({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const { t } = useTranslation();
  if (isFiltered(filters))
    return <Empty next={<Button onClick={onClear}>{t("queue.clear")}</Button>}>{t("triage.nothingFits")}</Empty>;
  return <Empty next={<Link to="/tickets">{t("triage.nothingHint")}</Link>}>{t("triage.nothing")}</Empty>;
}
