import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { body, sla } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { usePages } from "../../lib/usePages";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Grid } from "../../ui/Grid";
import { Loading } from "../../ui/Loading";
import type { ClockItem } from "../clocks";
import { ROW, useDensity } from "../density";
import { useTicketsById } from "../tickets";
import { useColumns } from "./columns";
import { asked, type Filters } from "./filters";
import { useFilterWords } from "./filterWords";

const route = getRouteApi("/wallboard/clocks");

/** The clocks that a figure of the wallboard counts, the nearest deadline first. */
export function ClockList() {
  const { t } = useTranslation();
  const filters = route.useSearch();
  const words = useFilterWords(filters);
  const clocks = usePages(["clocks", "list", filters], (cursor) => read(filters, cursor), EVERY);
  const rows = useMemo(
    () => clocks.rows?.filter((clock) => !filters.reason || clock.pause_reason === filters.reason),
    [clocks.rows, filters.reason],
  );
  const more = clocks.hasNextPage ? () => void clocks.fetchNextPage() : undefined;
  return (
    <div className="page page-full">
      <Link to="/wallboard">{t("wallboard.back")}</Link>
      <div className="page-head">
        <h1>{t("wallboard.clocks")}</h1>
        {rows && <span>{[...words, t("wallboard.loaded", { count: rows.length })].join(" · ")}</span>}
      </div>
      {clocks.error && <Failure error={clocks.error} onRetry={() => void clocks.refetch()} />}
      {clocks.isPending && <Loading lines={12} />}
      {rows?.length === 0 && <Empty>{t("wallboard.nothingFits")}</Empty>}
      {rows && rows.length > 0 && <Rows rows={rows} onEnd={more} />}
    </div>
  );
}

function read(filters: Filters, cursor: string | undefined) {
  const query = { ...asked(filters), sort: "due_at" as const, limit: 200, ...(cursor && { cursor }) };
  return body(sla.GET("/v1/clocks", { params: { query } }));
}

function Rows({ rows, onEnd }: { rows: ClockItem[]; onEnd: (() => void) | undefined }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { density } = useDensity();
  const ids = useMemo(() => [...new Set(rows.map((row) => row.ticket_id))], [rows]);
  const columns = useColumns(useTicketsById(ids));
  return (
    <Grid
      label={t("wallboard.clocks")}
      columns={columns}
      rows={rows}
      rowHeight={ROW[density]}
      keyOf={(row) => row.id}
      onOpen={(row) => void navigate({ to: "/tickets/$ticketId", params: { ticketId: row.ticket_id } })}
      onEnd={onEnd}
    />
  );
}
