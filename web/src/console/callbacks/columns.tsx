import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "../../ui/Grid";
import { useLabel } from "../labels";
import type { TicketItem } from "../tickets";
import type { CallbackItem } from "./callbacks";
import { Due } from "./Due";

/** The list's columns; tickets by their ids. Numbers are not here: each look at one is recorded. */
export function useColumns(tickets: ReadonlyMap<string, TicketItem>): Column<CallbackItem>[] {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  return useMemo(() => {
    const of = (row: CallbackItem) => tickets.get(row.ticket_id);
    return [
      {
        key: "number",
        title: t("queue.number"),
        width: "150px",
        cell: (row) => (
          <Link to="/callbacks/$callbackId" params={{ callbackId: row.id }} tabIndex={-1}>
            {of(row)?.number ?? t("triage.open")}
          </Link>
        ),
      },
      {
        key: "due",
        title: t("callbacks.due"),
        width: "150px",
        cell: (row) => <Due of={row} zone={of(row)?.timezone ?? null} />,
      },
      {
        key: "customer",
        title: t("queue.customer"),
        width: "minmax(90px, 1fr)",
        cell: (row) => of(row)?.customer?.name,
      },
      { key: "summary", title: t("queue.summary"), width: "minmax(160px, 3fr)", cell: (row) => of(row)?.summary },
      { key: "region", title: t("queue.region"), width: "minmax(70px, 1fr)", cell: (row) => of(row)?.region },
      { key: "owner", title: t("queue.owner"), width: "minmax(80px, 1fr)", cell: (row) => of(row)?.owner_name },
      { key: "attempts", title: t("callbacks.attempts"), width: "70px", cell: (row) => row.attempts },
      {
        key: "outcome",
        title: t("callbacks.lastOutcome"),
        width: "110px",
        cell: (row) => row.last_outcome && label("call_outcome", row.last_outcome),
      },
      { key: "score", title: t("callbacks.score"), width: "80px", cell: (row) => row.score },
    ];
  }, [tickets, i18n.language]);
}
