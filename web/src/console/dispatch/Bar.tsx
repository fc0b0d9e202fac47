import { type KeyboardEvent, memo, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/now";
import { SIGN, stageOf } from "../../lib/stage";
import type { ClockItem } from "../clocks";
import { useLabel } from "../labels";
import { clockTime, widthOf } from "./day";
import type { Placed } from "./lanes";
import { isDone, isMovable, type WorkOrder } from "./visit";

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
  dayStart: number;
  number: string | undefined;
  clock: ClockItem | undefined;
}

/** Pixels of a row of bars, and what a bar needs to show more than a number. */
export const ROW_HEIGHT = 40;
const ROOM = 60;

/** A visit in its lane: sign, number and kind, then status and skills. Solid: agreed; a dashed edge: only offered. */
export const Bar = memo(function Bar({ placed, dayStart, number, clock, onLift, onPress, onOpen }: BarProps) {
  const { order, slot, row } = placed;
  const { t } = useTranslation();
  const now = useNow(() => false);
  const said = useSaid(placed, number);
  const stage = clock ? stageOf(clock, now) : "calm";
  const width = widthOf(slot.end - slot.start);
  return (
    <button
      type="button"
      tabIndex={-1}
      data-bar={order.id}
      data-title={said.title}
      title={[said.title, said.facts, said.times].join("\n")}
      className={`bar clock-${stage} ${lookOf(placed)}`}
      style={{ left: widthOf(slot.start - dayStart), width, top: row * ROW_HEIGHT }}
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
      <Actual order={order} start={slot.start} />
    </button>
  );
});

/** When the engineer really was there, as a thin line. */
function Actual({ order: { arrived_at, completed_at }, start }: { order: WorkOrder; start: number }) {
  if (!arrived_at || !completed_at) return null;
  const [from, to] = [Date.parse(arrived_at), Date.parse(completed_at)];
  return <i className="actual" style={{ left: widthOf(from - start), width: widthOf(to - from) }} />;
}

function useSaid({ order, slot }: Placed, number: string | undefined) {
  const { t } = useTranslation();
  const label = useLabel();
  const short = number?.slice(-4) ?? "…";
  const status =
    order.paused && order.pause_reason ? label("pause_reason", order.pause_reason) : statusOf(order, label);
  const times = { start: clockTime(slot.start), end: clockTime(slot.end) };
  return {
    short,
    title: `${order.rework_of ? "↻ " : ""}${short} ${label("job_type", order.job_type)}`,
    facts: [order.wish && t("board.wishes"), status, ...order.skills].filter(Boolean).join(" · "),
    times: `${t("board.times", times)} ${t(slot.confirmed ? "workOrder.agreed" : "workOrder.offered")}`,
  };
}

function statusOf(order: WorkOrder, label: ReturnType<typeof useLabel>): string {
  return label("work_order_status", order.status);
}

function lookOf({ order, slot }: Placed): string {
  const looks = [isDone(order) && "done", !isMovable(order) && "fixed", !slot.confirmed && "offered"];
  return looks.filter(Boolean).join(" ");
}
