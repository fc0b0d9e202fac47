import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, shortTime } from "../../lib/times";
import type { Column } from "../../ui/Grid";
import { ClockRow } from "../ClockRow";
import type { ClockItem } from "../clocks";
import { useLabel } from "../labels";
import { OwnerCell, type OwnerCellActs } from "../OwnerCell";
import type { TicketItem } from "../tickets";
import { Urgency } from "../Urgency";
import type { CaseItem } from "./cases";
import { Level } from "./Level";

/** The queue's columns; tickets and clocks by the ticket's id. */
export function useColumns(
  tickets: ReadonlyMap<string, TicketItem>,
  clocks: ReadonlyMap<string, ClockItem[]>,
  { onClaim, onAssign }: OwnerCellActs,
): Column<CaseItem>[] {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  return useMemo(
    () => [
      { key: "level", title: t("triage.level"), width: "100px", cell: (row) => <Level of={row.level} /> },
      {
        key: "number",
        title: t("queue.number"),
        width: "150px",
        cell: (row) => <TicketNumber id={row.id} ticket={tickets.get(row.id)} />,
      },
      { key: "status", title: t("triage.status"), width: "120px", cell: (row) => label("case_status", row.status) },
      {
        key: "owner",
        title: t("queue.owner"),
        width: "minmax(140px, 1fr)",
        cell: (row) => (
          <OfTicket
            ticket={tickets.get(row.id)}
            show={(ticket) => <OwnerCell row={ticket} onClaim={onClaim} onAssign={onAssign} />}
          />
        ),
      },
      {
        key: "clocks",
        title: t("queue.clocks"),
        width: "minmax(480px, 9fr)",
        cell: (row) => <ClockRow of={clocks.get(row.id)} />,
      },
      {
        key: "urgency",
        title: t("queue.urgency"),
        width: "90px",
        cell: (row) => <OfTicket ticket={tickets.get(row.id)} show={({ urgency }) => <Urgency code={urgency} />} />,
      },
      {
        key: "kind",
        title: t("queue.kind"),
        width: "minmax(80px, 1fr)",
        cell: (row) => <OfTicket ticket={tickets.get(row.id)} show={({ kind }) => label("ticket_kind", kind)} />,
      },
      {
        key: "region",
        title: t("queue.region"),
        width: "minmax(70px, 1fr)",
        cell: (row) => tickets.get(row.id)?.region,
      },
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
    [tickets, clocks, onClaim, onAssign, i18n.language],
  );
}

function TicketNumber({ id, ticket }: { id: string; ticket: TicketItem | undefined }) {
  const { t } = useTranslation();
  return (
    <Link to="/triage/$ticketId" params={{ ticketId: id }} tabIndex={-1}>
      {ticket?.number ?? t("triage.open")}
    </Link>
  );
}

function OfTicket({ ticket, show }: { ticket: TicketItem | undefined; show: (ticket: TicketItem) => React.ReactNode }) {
  return ticket && show(ticket);
}
