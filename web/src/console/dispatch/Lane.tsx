import { memo } from "react";
import { useTranslation } from "react-i18next";
import { duration } from "../../lib/times";
import type { ClockItem } from "../clocks";
import { Bar, type Handlers, ROW_HEIGHT } from "./Bar";
import { widthOf } from "./day";
import { type Lane as LaneOf, nameOf } from "./lanes";

interface LaneProps extends Handlers {
  lane: LaneOf;
  dayStart: number;
  /** Whether the engineer has the skills of what is carried. */
  isAble: boolean;
  /** Where a visit that is carried by keyboard would be put down. */
  aimed: { start: number; end: number } | null;
  numbers: ReadonlyMap<string, string>;
  clocks: ReadonlyMap<string, ClockItem>;
}

/** An engineer's day: who, how much, and the visits. */
export const Lane = memo(function Lane({ lane, dayStart, isAble, aimed, numbers, clocks, ...handlers }: LaneProps) {
  const { t } = useTranslation();
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
      <div className="track" data-track>
        {visits.map((placed) => (
          <Bar
            key={placed.order.id}
            placed={placed}
            dayStart={dayStart}
            number={numbers.get(placed.order.ticket_id)}
            clock={clocks.get(placed.order.ticket_id)}
            {...handlers}
          />
        ))}
        {aimed && (
          <div
            className="bar aimed"
            style={{ left: widthOf(aimed.start - dayStart), width: widthOf(aimed.end - aimed.start) }}
          />
        )}
      </div>
    </div>
  );
});
