import { type KeyboardEvent, memo, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/now";
import { SIGN, stageOf } from "../../lib/stage";
import { shortTime } from "../../lib/times";
import type { ClockItem } from "../clocks";
import { useLabel } from "../labels";
import { clockTime, widthOf } from "./day";
import type { Placed } from "./lanes";
import type { TicketName } from "./names";
import type { Shown } from "./span";
import { isDone, isMovable, titled, type WorkOrder } from "./visit";

/** What can be done to a visit where it is shown; the functions stay the same from one render to the next. */
export interface Handlers {
  onLift: (event: PointerEvent<HTMLElement>, order: WorkOrder) => void;
  onPress: (event: KeyboardEvent<HTMLElement>, order: WorkOrder) => void;
  onOpen: (order: WorkOrder) => void;
  /** The focus leaves a card. */
  onLeave: () => void;
}

interface BarProps extends Handlers {
  placed: Placed;
  shown: Shown;
  ticket: TicketName | undefined;
  clock: ClockItem | undefined;
}

/** Pixels of a row of bars, and what a bar needs to show more than a number. */
export const ROW_HEIGHT = 40;
const ROOM = 60;

/** A visit in its lane: sign, number and customer, then status, kind and skills. Solid: agreed; a dashed edge: only offered. */
export const Bar = memo(function Bar({ placed, shown, ticket, clock, onLift, onPress, onOpen }: BarProps) {
  const { order, slot, row } = placed;
  const { t } = useTranslation();
  const now = useNow(() => false);
  const said = useSaid(placed, ticket, shown.days.length > 1);
  const stage = clock ? stageOf(clock, now) : "calm";
  const { hourWidth } = shown.span;
  const width = widthOf(slot.end - slot.start, hourWidth);
  return (
    <button
      type="button"
      tabIndex={-1}
      data-bar={order.id}
      data-title={said.title}
      title={[said.title, said.facts, said.times].join("\n")}
      className={`bar clock-${stage} ${lookOf(placed)}`}
      style={{ left: widthOf(slot.start - shown.start, hourWidth), width, top: row * ROW_HEIGHT }}
      onPointerDown={(event) => onLift(event, order)}
      onKeyDown={(event) => onPress(event, order)}
      onClick={() => onOpen(order)}
    >
      {width < ROOM ? (
        <span>{said.short}</span>
      ) : (
        <>
          <span>
            {clock && <span aria-hidden="true">{SIGN[stage]} </span>}
            {said.title}
          </span>
          <small>{said.facts}</small>
        </>
      )}
      <span className="unseen">
        {said.times} {clock && t(`clock.${stage}`)}
      </span>
      <Actual order={order} start={slot.start} hourWidth={hourWidth} />
    </button>
  );
});

/** When the engineer really was there, as a thin line. */
function Actual({ order, start, hourWidth }: { order: WorkOrder; start: number; hourWidth: number }) {
  const { arrived_at, completed_at } = order;
  if (!arrived_at || !completed_at) return null;
  const [from, to] = [Date.parse(arrived_at), Date.parse(completed_at)];
  return (
    <i className="actual" style={{ left: widthOf(from - start, hourWidth), width: widthOf(to - from, hourWidth) }} />
  );
}

function useSaid({ order, slot }: Placed, ticket: TicketName | undefined, hasDays: boolean) {
  const { t } = useTranslation();
  const label = useLabel();
  const short = ticket?.number.slice(-4) ?? "…";
  const status =
    order.paused && order.pause_reason ? label("pause_reason", order.pause_reason) : statusOf(order, label);
  const from = hasDays ? shortTime(new Date(slot.start).toISOString()) : clockTime(slot.start);
  const times = { start: from, end: clockTime(slot.end) };
  const { title, facts } = titled(order, ticket, status, label("job_type", order.job_type));
  const call = order.call_outcome && label("visit_call", order.call_outcome);
  return {
    short,
    title,
    facts: [order.wish && t("board.wishes"), facts, call].filter(Boolean).join(" · "),
    times: `${t("board.times", times)} ${t(slot.confirmed ? "workOrder.agreed" : "workOrder.offered")}`,
  };
}

function statusOf(order: WorkOrder, label: ReturnType<typeof useLabel>): string {
  const isTaken = order.status === "assigned" && order.crew_confirmed_at;
  return `${isTaken ? "✓ " : ""}${label("work_order_status", order.status)}`;
}

function lookOf({ order, slot }: Placed): string {
  const looks = [isDone(order) && "done", !isMovable(order) && "fixed", !slot.confirmed && "offered"];
  return looks.filter(Boolean).join(" ");
}
