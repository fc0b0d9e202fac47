import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { shortTime } from "../../lib/times";
import { Clock } from "../../ui/Clock";
import type { Column } from "../../ui/Grid";
import type { ClockItem } from "../clocks";
import { useLabel } from "../labels";
import type { TicketItem } from "../tickets";

/** The columns of a list of clocks; tickets by id. */
export function useColumns(tickets: ReadonlyMap<string, TicketItem>): Column<ClockItem>[] {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  return useMemo(
    () => [
      {
        key: "number",
        title: t("queue.number"),
        width: "160px",
        cell: (row) => <TicketLink id={row.ticket_id} ticket={tickets.get(row.ticket_id)} />,
      },
      { key: "level", title: t("triage.level"), width: "90px", cell: (row) => `P${row.level}` },
      {
        key: "clock",
        title: t("clock.title"),
        width: "minmax(260px, 2fr)",
        cell: (row) => <Clock clock={row} name={label("metric", row.metric)} />,
      },
      {
        key: "status",
        title: t("clock.state"),
        width: "minmax(100px, 1fr)",
        cell: (row) => label("clock_status", row.status),
      },
      {
        key: "due",
        title: t("clock.due"),
        width: "120px",
        cell: (row) => row.due_at && shortTime(row.due_at),
      },
      {
        key: "reason",
        title: t("wallboard.reason"),
        width: "minmax(140px, 1fr)",
        cell: (row) => row.pause_reason && label("pause_reason", row.pause_reason),
      },
      {
        key: "region",
        title: t("queue.region"),
        width: "minmax(100px, 1fr)",
        cell: (row) => tickets.get(row.ticket_id)?.region,
      },
      { key: "policy", title: t("clock.policy"), width: "minmax(120px, 1fr)", cell: (row) => row.policy },
    ],
    [tickets, i18n.language],
  );
}

function TicketLink({ id, ticket }: { id: string; ticket: TicketItem | undefined }) {
  const { t } = useTranslation();
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId: id }} tabIndex={-1}>
      {ticket?.number ?? t("triage.open")}
    </Link>
  );
}
