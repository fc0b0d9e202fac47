import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usePerson } from "../../lib/person";
import { withWords } from "../../lib/words";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Grid } from "../../ui/Grid";
import { Loading } from "../../ui/Loading";
import { useSteadyOrder } from "../../ui/useSteadyOrder";
import { AssignDialog } from "../AssignDialog";
import { areasOf } from "../areas";
import { ClaimNotice } from "../ClaimNotice";
import { ROW, useDensity } from "../density";
import { useOwnerActs } from "../useOwnerActs";
import * as words from "../words";
import { BulkBar } from "./BulkBar";
import { ColumnChoice } from "./ColumnChoice";
import { useColumns } from "./columns";
import { Drawer } from "./Drawer";
import { FilterBar } from "./FilterBar";
import { type Filters, filtersIn, isFiltered } from "./filters";
import { type QueueItem, useTickets } from "./tickets";
import { useArrivals } from "./useArrivals";
import { type ColumnName, useChosenColumns } from "./useChosenColumns";
import { focusRow, useDrawer } from "./useDrawer";
import { useSelection } from "./useSelection";
import "./queue.css";

const route = getRouteApi("/tickets");
/** What no row waits for. */
const Saved = lazy(async () => ({ default: (await withWords([words.filters], import("./saved/Saved"))).Saved }));

/** 工单: the queue of tickets, filtered and sorted by the address. */
export function Queue() {
  const { t } = useTranslation();
  const { open, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const tickets = useTickets(filters);
  const isRead = tickets.isFetchedAfterMount || !tickets.isFetching;
  const { rows, waiting, show } = useArrivals(tickets.rows, isRead, JSON.stringify(filters));
  const { chosen, chooseColumns } = useChosenColumns();
  const change = (wanted: Filters, replace = false) =>
    void navigate({ search: { ...filtersIn({ ...wanted }), ...(open && { open }) }, replace });
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{t("queue.title")}</h1>
        <span role="status">
          {waiting > 0 && <Button onClick={show}>{t("queue.arrived", { count: waiting })}</Button>}
        </span>
        {rows && (
          <span>
            {t("queue.loaded", { count: rows.length })}
            {tickets.onEnd && ` · ${t("queue.more")}`} · <Age at={tickets.dataUpdatedAt} />
          </span>
        )}
      </div>
      <FilterBar filters={filters} onChange={change}>
        <Suspense>
          <Saved filters={filters} onChange={change} />
        </Suspense>
        <ColumnChoice chosen={chosen} onChange={chooseColumns} />
      </FilterBar>
      {tickets.error && <Failure error={tickets.error} onRetry={() => void tickets.refetch()} />}
      {tickets.isPending && <Loading lines={12} />}
      {rows && rows.length > 0 && (
        <Rows of={rows} asked={JSON.stringify(filters)} chosen={chosen} onEnd={tickets.onEnd} />
      )}
      <GoOn of={tickets}>
        {rows?.length === 0 && <Nothing filtered={isFiltered(filters)} onClear={() => change({})} />}
      </GoOn>
    </div>
  );
}

/** A button while older tickets have to be looked through; then what stands where there are none. */
function GoOn({ of, children }: { of: ReturnType<typeof useTickets>; children: ReactNode }) {
  const { t } = useTranslation();
  if (!of.goOn) return children;
  return (
    <Button onClick={of.goOn} loading={of.isFetchingNextPage}>
      {t("ticket.more")}
    </Button>
  );
}

interface RowsProps {
  of: QueueItem[];
  /** What they were asked for by. */
  asked: string;
  chosen: readonly ColumnName[];
  onEnd: (() => void) | undefined;
}

const idOf = ({ id }: QueueItem) => id;

function Rows({ of, asked, chosen, onEnd }: RowsProps) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { density } = useDensity();
  const { box, rows } = useSteadyOrder<QueueItem, HTMLDivElement>(of, idOf, asked);
  const { claim, assign, outcome, failed, assigning, close } = useOwnerActs();
  const all = useColumns({ onClaim: claim, onAssign: assign });
  const columns = useMemo(() => all.filter(({ key }) => ["number", ...chosen].includes(key)), [all, chosen]);
  const { open, show, reach, close: closeDrawer } = useDrawer();
  const { chosen: tickets, selection, toggle, choose } = useSelection(rows);
  const acts = {
    ...{ c: claim, a: assign, " ": show },
    ...{ x: (row: QueueItem) => toggle(row, false), X: (row: QueueItem) => toggle(row, true) },
    ...(open && { Escape: closeDrawer }),
  };
  function chooseAgain(wanted: ReadonlyMap<string, QueueItem>): void {
    choose(wanted);
    if (wanted.size === 0) focusRow();
  }
  return (
    <>
      <BulkBar chosen={tickets} rows={rows} onChoose={chooseAgain} />
      {failed && <Failure error={failed} />}
      {outcome && <ClaimNotice of={outcome} owner={rows.find(({ id }) => id === outcome.ticketId)?.owner_name} />}
      <div className="beside" ref={box}>
        <Grid
          label={t("queue.title")}
          columns={columns}
          rows={rows}
          rowHeight={ROW[density]}
          keyOf={idOf}
          onOpen={(row) => void navigate({ to: "/tickets/$ticketId", params: { ticketId: row.id } })}
          acts={acts}
          onEnd={onEnd}
          onReach={reach}
          onPick={show}
          shown={open}
          selection={selection}
        />
        {open && <Drawer id={open} onClose={closeDrawer} />}
      </div>
      {assigning && <AssignDialog ticket={assigning} onClose={close} />}
    </>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  const mayRegister = areasOf(usePerson()).some((area) => area.name === "register");
  if (filtered)
    return <Empty next={<Button onClick={onClear}>{t("queue.clear")}</Button>}>{t("queue.nothingFits")}</Empty>;
  return <Empty next={mayRegister && <Link to="/register">{t("queue.nothingHint")}</Link>}>{t("queue.nothing")}</Empty>;
}
