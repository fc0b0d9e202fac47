import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, shortTime } from "../../lib/times";
import { Clock } from "../../ui/Clock";
import type { Column } from "../../ui/Grid";
import { useLabel } from "../labels";
import { OwnerCell, type OwnerCellActs } from "../OwnerCell";
import { Urgency } from "../Urgency";
import { type QueueItem, useEngineerNames } from "./tickets";

/** The queue's columns. */
export function useColumns({ onClaim, onAssign }: OwnerCellActs): Column<QueueItem>[] {
  const { t, i18n } = useTranslation();
  const engineers = useEngineerNames();
  return useMemo(
    () => [
      { key: "number", title: t("queue.number"), width: "160px", cell: (row) => <TicketNumber row={row} /> },
      {
        key: "summary",
        title: t("queue.summary"),
        width: "minmax(150px, 2fr)",
        cell: (row) => <span title={row.summary ?? undefined}>{row.summary ?? t("queue.erased")}</span>,
      },
      {
        key: "customer",
        title: t("queue.customer"),
        width: "minmax(80px, 1fr)",
        cell: (row) => row.customer && (row.customer.name ?? t("queue.erased")),
      },
      { key: "status", title: t("queue.status"), width: "minmax(88px, 1fr)", cell: (row) => <Status of={row} /> },
      { key: "urgency", title: t("queue.urgency"), width: "76px", cell: (row) => <Urgency code={row.urgency} /> },
      { key: "level", title: t("queue.level"), width: "56px", cell: (row) => row.level && `P${row.level}` },
      {
        key: "owner",
        title: t("queue.owner"),
        width: "minmax(140px, 1fr)",
        cell: (row) => <OwnerCell row={row} onClaim={onClaim} onAssign={onAssign} />,
      },
      {
        key: "clocks",
        title: t("queue.clocks"),
        width: "minmax(270px, 2fr)",
        cell: (row) => <Clocks of={row.clocks} />,
      },
      {
        key: "visit",
        title: t("queue.visit"),
        width: "minmax(150px, 1fr)",
        cell: (row) => <Visit of={row.visit} names={engineers} />,
      },
      {
        key: "last",
        title: t("queue.last"),
        width: "minmax(170px, 1fr)",
        cell: (row) => <LastEvent of={row.last_event} />,
      },
      { key: "region", title: t("queue.region"), width: "72px", cell: (row) => row.region },
      { key: "opened", title: t("queue.opened"), width: "96px", cell: (row) => <At instant={row.opened_at} /> },
    ],
    [engineers, onClaim, onAssign, i18n.language],
  );
}

function TicketNumber({ row }: { row: QueueItem }) {
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId: row.id }} tabIndex={-1}>
      {row.number}
    </Link>
  );
}

/** How far it is, and whom it waits for. */
function Status({ of }: { of: QueueItem }) {
  const label = useLabel();
  const said = label("ticket_status", of.status);
  if (!of.waits_for) return said;
  const until = of.look_again_at ? dateTime(of.look_again_at) : undefined;
  return <span title={until}>{`${said} · ${label("waits_for", of.waits_for)}`}</span>;
}

/** The clock that is due first, and how many more are open; which, the ticket's page says. */
function Clocks({ of }: { of: QueueItem["clocks"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const [first, ...others] = of;
  if (!first) return null;
  const more = others.map((clock) => label("metric", clock.metric)).join(" · ");
  return (
    <>
      <Clock clock={{ ...first, urgent_at: first.warned_at ?? first.urgent_at }} name={label("metric", first.metric)} />
      {others.length > 0 && <span title={more}>{t("queue.moreClocks", { count: others.length })}</span>}
    </>
  );
}

function Visit({ of, names }: { of: QueueItem["visit"]; names: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  if (!of) return null;
  const engineer = of.engineer_id ? names.get(of.engineer_id) : t("queue.unassigned");
  return (
    <>
      {engineer} {of.start && <At instant={of.start} />} {of.start && !of.confirmed && t("queue.offered")}
    </>
  );
}

function LastEvent({ of }: { of: QueueItem["last_event"] }) {
  const label = useLabel();
  return (
    <>
      <At instant={of.occurred_at} /> {label("event", of.type)}
    </>
  );
}

function At({ instant }: { instant: string }) {
  return (
    <time dateTime={instant} title={dateTime(instant)}>
      {shortTime(instant)}
    </time>
  );
}
