import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../lib/labels";
import { dateTime, shortTime } from "../../lib/times";
import { Clock } from "../../ui/Clock";
import type { Column } from "../../ui/Grid";
import { Urgency } from "../Urgency";
import type { ClockItem, TicketItem } from "./tickets";

/** The queue's columns; `clocks` by ticket. */
export function useColumns(clocks: ReadonlyMap<string, ClockItem[]>): Column<TicketItem>[] {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  return useMemo(
    () => [
      { key: "number", title: t("queue.number"), width: "150px", cell: (row) => <TicketNumber row={row} /> },
      { key: "status", title: t("queue.status"), width: "140px", cell: (row) => label("ticket_status", row.status) },
      { key: "urgency", title: t("queue.urgency"), width: "100px", cell: (row) => <Urgency code={row.urgency} /> },
      {
        key: "clocks",
        title: t("queue.clocks"),
        width: "minmax(570px, 4fr)",
        cell: (row) => <Clocks of={clocks.get(row.id)} />,
      },
      { key: "kind", title: t("queue.kind"), width: "minmax(110px, 1fr)", cell: (row) => label("job_type", row.kind) },
      { key: "region", title: t("queue.region"), width: "minmax(80px, 1fr)", cell: (row) => row.region },
      { key: "contract", title: t("queue.contract"), width: "minmax(120px, 1fr)", cell: (row) => row.contract },
      {
        key: "opened",
        title: t("queue.opened"),
        width: "110px",
        cell: (row) => (
          <time dateTime={row.opened_at} title={dateTime(row.opened_at)}>
            {shortTime(row.opened_at)}
          </time>
        ),
      },
    ],
    [clocks, i18n.language],
  );
}

function TicketNumber({ row }: { row: TicketItem }) {
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} tabIndex={-1}>
      {row.number}
    </Link>
  );
}

/** All open clocks of a ticket, the nearest first. */
function Clocks({ of }: { of: ClockItem[] | undefined }) {
  const label = useLabel();
  return of?.map((clock) => <Clock key={clock.id} clock={clock} name={label("metric", clock.metric)} />);
}
