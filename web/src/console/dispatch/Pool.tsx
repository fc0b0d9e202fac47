import { Button } from "antd";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { byDeadline } from "../../lib/stage";
import { dateTime, shortTime } from "../../lib/times";
import { Clock } from "../../ui/Clock";
import { Empty } from "../../ui/Empty";
import { useSteadyOrder } from "../../ui/useSteadyOrder";
import type { ClockItem } from "../clocks";
import { useLabel } from "../labels";
import type { Handlers } from "./Bar";
import type { TicketName, TicketNames } from "./names";
import { titled, type WorkOrder } from "./visit";

interface CardsProps extends Handlers {
  names: ReadonlyMap<string, string>;
  tickets: TicketNames;
  clocks: ReadonlyMap<string, ClockItem>;
}

interface PoolProps extends CardsProps {
  waiting: readonly WorkOrder[];
  /** Visits of somebody at no time yet. */
  untimed: readonly WorkOrder[];
  /** How many wait that the filter leaves out. */
  others: number;
  isCut: boolean;
  /** Null: there is nothing to undo. */
  onUndo: (() => void) | null;
}

/** 未派工: visits that wait for an engineer, what is due first on top; below, those that wait for a time. */
export const Pool = memo(function Pool({ waiting, untimed, others, isCut, onUndo, ...cards }: PoolProps) {
  const { t } = useTranslation();
  return (
    <aside className="pool" aria-labelledby="pool" data-pool>
      <Button disabled={!onUndo} aria-keyshortcuts="Control+Z" onClick={() => onUndo?.()}>
        {t("board.undo")}
      </Button>
      <h2 id="pool">{t("board.pool", { count: waiting.length })}</h2>
      {waiting.length === 0 && <Empty>{t("board.poolEmpty")}</Empty>}
      <Cards of={waiting} {...cards} />
      {isCut && <p>{t("board.poolCut")}</p>}
      {others > 0 && <p>{t("board.poolOthers", { count: others })}</p>}
      {untimed.length > 0 && (
        <>
          <h2>{t("board.untimed", { count: untimed.length })}</h2>
          <Cards of={untimed} {...cards} />
        </>
      )}
    </aside>
  );
});

/** Clocks come late and change: what somebody points at or has picked up stays where it is. */
function Cards({ of, names, tickets, clocks, ...handlers }: CardsProps & { of: readonly WorkOrder[] }) {
  const { box, rows } = useSteadyOrder<WorkOrder, HTMLUListElement>(byDue(of, clocks), ({ id }) => id);
  return (
    <ul ref={box}>
      {rows.map((order) => (
        <Card
          key={order.id}
          order={order}
          engineer={order.engineer_id ? names.get(order.engineer_id) : undefined}
          ticket={tickets.get(order.ticket_id)}
          clock={clocks.get(order.ticket_id)}
          {...handlers}
        />
      ))}
    </ul>
  );
}

const UNTOLD = { status: "running", due_at: null } as const;

function byDue(orders: readonly WorkOrder[], clocks: ReadonlyMap<string, ClockItem>): WorkOrder[] {
  const clockOf = (order: WorkOrder) => clocks.get(order.ticket_id) ?? UNTOLD;
  return [...orders].sort((one, other) => byDeadline(clockOf(one), clockOf(other)));
}

interface CardProps extends Handlers {
  order: WorkOrder;
  engineer: string | undefined;
  ticket: TicketName | undefined;
  clock: ClockItem | undefined;
}

const Card = memo(function Card({ order, engineer, ticket, clock, onLift, onPress, onOpen, onLeave }: CardProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { title, facts } = titled(order, ticket, engineer ?? null, label("job_type", order.job_type));
  const said = [
    order.wish && t("board.wishes"),
    facts,
    order.appointment && shortTime(order.appointment.start),
    order.awaits && label("next_step", order.awaits),
    order.decline_reason && `${t("workOrder.step.decline")} (${label("decline_reason", order.decline_reason)})`,
    order.call_outcome && label("visit_call", order.call_outcome),
  ].filter(Boolean);
  return (
    <li>
      <button
        type="button"
        className="card"
        data-card={order.id}
        data-title={title}
        title={t("board.openedAt", { at: dateTime(order.opened_at) })}
        aria-describedby="board-help"
        onPointerDown={(event) => onLift(event, order)}
        onKeyDown={(event) => onPress(event, order)}
        onClick={() => onOpen(order)}
        onBlur={onLeave}
      >
        <b>{title}</b>
        <small>{said.join(" · ")}</small>
        {clock && <Clock clock={clock} name={label("metric", clock.metric)} />}
      </button>
    </li>
  );
});
