import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { shortTime } from "../../lib/times";
import { Notice } from "../../ui/Notice";
import { useLabel } from "../labels";
import { clockTime } from "./day";
import { type Lane, nameOf } from "./lanes";
import type { TicketNames } from "./names";
import type { Shown } from "./span";
import type { WorkOrder } from "./visit";

interface DayListProps {
  lanes: readonly Lane[];
  waiting: readonly WorkOrder[];
  untimed: readonly WorkOrder[];
  shown: Shown;
  tickets: TicketNames;
}

/** The board on a screen that is too narrow for a schedule: who goes where, and what waits. */
export function DayList({ lanes, waiting, untimed, shown, tickets }: DayListProps) {
  const { t } = useTranslation();
  const timeOf = (start: number) =>
    shown.days.length > 1 ? shortTime(new Date(start).toISOString()) : clockTime(start);
  const busy = lanes.filter(({ visits }) => visits.length > 0);
  return (
    <>
      <Notice kind="info" title={t("board.narrow")} />
      <Part title={t("board.pool", { count: waiting.length })} orders={waiting} tickets={tickets} />
      <Part title={t("board.untimed", { count: untimed.length })} orders={untimed} tickets={tickets} />
      {busy.map(({ engineer, visits }) => (
        <Part
          key={engineer.id}
          title={nameOf(engineer)}
          orders={visits.map(({ order }) => order)}
          times={new Map(visits.map(({ order, slot }) => [order.id, timeOf(slot.start)]))}
          tickets={tickets}
        />
      ))}
    </>
  );
}

interface PartProps {
  title: string;
  orders: readonly WorkOrder[];
  times?: ReadonlyMap<string, string>;
  tickets: TicketNames;
}

function Part({ title, orders, times, tickets }: PartProps) {
  const label = useLabel();
  if (orders.length === 0) return null;
  return (
    <section className="panel">
      <h2>{title}</h2>
      <ul className="day-list">
        {orders.map((order) => (
          <li key={order.id}>
            {times?.get(order.id)}{" "}
            <Link to="/work-orders/$workOrderId" params={{ workOrderId: order.id }}>
              {tickets.get(order.ticket_id)?.number ?? "…"} {label("job_type", order.job_type)}
            </Link>{" "}
            {[tickets.get(order.ticket_id)?.customer, label("work_order_status", order.status), ...order.skills]
              .filter(Boolean)
              .join(" · ")}
          </li>
        ))}
      </ul>
    </section>
  );
}
