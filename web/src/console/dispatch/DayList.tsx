import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Notice } from "../../ui/Notice";
import { useLabel } from "../labels";
import { clockTime } from "./day";
import { type Lane, nameOf } from "./lanes";
import type { WorkOrder } from "./visit";

interface DayListProps {
  lanes: readonly Lane[];
  waiting: readonly WorkOrder[];
  untimed: readonly WorkOrder[];
  numbers: ReadonlyMap<string, string>;
}

/** The day on a screen that is too narrow for a schedule: who goes where, and what waits. */
export function DayList({ lanes, waiting, untimed, numbers }: DayListProps) {
  const { t } = useTranslation();
  const busy = lanes.filter(({ visits }) => visits.length > 0);
  return (
    <>
      <Notice kind="info" title={t("board.narrow")} />
      <Part title={t("board.pool", { count: waiting.length })} orders={waiting} numbers={numbers} />
      <Part title={t("board.untimed", { count: untimed.length })} orders={untimed} numbers={numbers} />
      {busy.map(({ engineer, visits }) => (
        <Part
          key={engineer.id}
          title={nameOf(engineer)}
          orders={visits.map(({ order }) => order)}
          times={new Map(visits.map(({ order, slot }) => [order.id, clockTime(slot.start)]))}
          numbers={numbers}
        />
      ))}
    </>
  );
}

interface PartProps {
  title: string;
  orders: readonly WorkOrder[];
  times?: ReadonlyMap<string, string>;
  numbers: ReadonlyMap<string, string>;
}

function Part({ title, orders, times, numbers }: PartProps) {
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
              {numbers.get(order.ticket_id) ?? "…"} {label("job_type", order.job_type)}
            </Link>{" "}
            {[label("work_order_status", order.status), ...order.skills].join(" · ")}
          </li>
        ))}
      </ul>
    </section>
  );
}
