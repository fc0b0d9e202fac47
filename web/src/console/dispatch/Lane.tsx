import { memo } from "react";
import { useTranslation } from "react-i18next";
import { duration } from "../../lib/times";
import type { ClockItem } from "../clocks";
import { Bar, type Handlers, ROW_HEIGHT } from "./Bar";
import { startOf, widthOf } from "./day";
import { type Lane as LaneOf, nameOf } from "./lanes";
import type { TicketNames } from "./names";
import type { Shown } from "./span";

interface LaneProps extends Handlers {
  lane: LaneOf;
  shown: Shown;
  /** Whether the engineer has the skills of what is carried. */
  isAble: boolean;
  /** Where a visit that is carried by keyboard would be put down. */
  aimed: { start: number; end: number } | null;
  tickets: TicketNames;
  clocks: ReadonlyMap<string, ClockItem>;
}

/** An engineer's days: who, how much, and the visits. */
export const Lane = memo(function Lane({ lane, shown, isAble, aimed, tickets, clocks, ...handlers }: LaneProps) {
  const { t } = useTranslation();
  const wide = (time: number) => widthOf(time, shown.span.hourWidth);
  const { engineer, visits, rows, busy } = lane;
  const load = t("board.load", { count: visits.length, time: duration(busy) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a lane of a schedule is no group of a form's fields
    <div
      className={`lane${isAble ? " able" : ""}`}
      data-lane={engineer.id}
      role="group"
      aria-label={`${nameOf(engineer)} ${load}`}
      style={{ height: rows * ROW_HEIGHT }}
    >
      <div className="who" title={engineer.skills.join(" · ")}>
        <b>{nameOf(engineer)}</b> {load}
        <small>{[engineer.region, ...engineer.skills].join(" · ")}</small>
      </div>
      <div className="track" data-track style={{ width: wide(shown.end - shown.start) }}>
        {shown.days.slice(1).map((day) => (
          <i key={day} className="midnight" style={{ left: wide(startOf(day) - shown.start) }} />
        ))}
        {visits.map((placed) => (
          <Bar
            key={placed.order.id}
            placed={placed}
            shown={shown}
            ticket={tickets.get(placed.order.ticket_id)}
            clock={clocks.get(placed.order.ticket_id)}
            {...handlers}
          />
        ))}
        {aimed && (
          <div
            className="bar aimed"
            style={{ left: wide(aimed.start - shown.start), width: wide(aimed.end - aimed.start) }}
          />
        )}
      </div>
    </div>
  );
});
