import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUndoKey } from "../../lib/keys";
import { useNow } from "../../lib/now";
import type { ClockItem } from "../clocks";
import { dayOf, later, startOf, widthOf } from "./day";
import type { Target } from "./drag";
import { Hours, NowLine, openingOf } from "./Hours";
import { Lane } from "./Lane";
import { isAble, type Lane as LaneOf } from "./lanes";
import { PlanDialog } from "./PlanDialog";
import { Pool } from "./Pool";
import { PromiseDialog } from "./PromiseDialog";
import { Refusal } from "./Refusal";
import { useHandlers } from "./useHandlers";
import { usePlanner } from "./usePlanner";
import { useSteer } from "./useSteer";
import { planAt, type WorkOrder } from "./visit";
import { neighbour } from "./walk";

interface ScheduleProps {
  day: string;
  lanes: readonly LaneOf[];
  waiting: readonly WorkOrder[];
  untimed: readonly WorkOrder[];
  others: number;
  isCut: boolean;
  names: ReadonlyMap<string, string>;
  numbers: ReadonlyMap<string, string>;
  clocks: ReadonlyMap<string, ClockItem>;
}

/** The lanes and the pool, and all that moves a visit: pointer, arrows, and the form. */
export function Schedule({ day, lanes, waiting, untimed, others, isCut, names, numbers, clocks }: ScheduleProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const refocus = useRef<string | null>(null);
  const planner = usePlanner(names, numbers);
  const [opened, setOpened] = useState<WorkOrder | null>(null);
  const [lifted, setLifted] = useState<WorkOrder | null>(null);
  const [start, end] = [startOf(day), startOf(later(day, 1))];
  const now = useNow(() => false);
  const put = (order: WorkOrder, { engineerId, start }: Target) =>
    planner.propose({ order, plan: engineerId === null ? null : planAt(order, engineerId, start) });
  useUndoKey(planner.undo);
  const steer = useSteer(
    { lanes, start, end, now },
    (order, engineerId, at) => put(order, { engineerId, start: at }),
    planner.say,
  );

  const handlers = useHandlers({ box, lanes, start, names, refocus, steer, put, onLift: setLifted, onOpen: setOpened });

  function walk(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !box.current) return;
    const next = neighbour(box.current, document.activeElement, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  function settle({ target }: FocusEvent<HTMLElement>): void {
    if (target.dataset.bar !== refocus.current) refocus.current = null;
  }

  useEffect(() => {
    // The bar of a visit that went to another lane is another element.
    const bar = refocus.current && box.current?.querySelector<HTMLElement>(`[data-bar="${refocus.current}"]`);
    if (bar && bar !== document.activeElement) bar.focus();
  }, [lanes]);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = widthOf(openingOf(day) - start);
  }, [day, start]);

  const carried = lifted ?? steer.order;
  return (
    <>
      <p id="board-said" className="unseen" role="status">
        {planner.said}
      </p>
      {planner.refused && <Refusal {...planner.refused} onClose={planner.forget} />}
      <div className="board">
        {/* biome-ignore lint/a11y/useSemanticElements: a schedule is no group of a form's fields */}
        <div
          className="schedule"
          ref={box}
          role="group"
          aria-label={t("board.schedule")}
          aria-describedby="board-help"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows walk the bars from here, and scroll
          tabIndex={0}
          onKeyDown={walk}
          onFocus={settle}
        >
          <Hours day={day} />
          {dayOf(now) === day && <NowLine at={now - start} />}
          {lanes.map((lane) => (
            <Lane
              key={lane.engineer.id}
              lane={lane}
              dayStart={start}
              isAble={carried !== null && isAble(lane.engineer, carried)}
              aimed={steer.aimed?.engineerId === lane.engineer.id ? steer.aimed : null}
              numbers={numbers}
              clocks={clocks}
              {...handlers}
            />
          ))}
        </div>
        <Pool {...{ waiting, untimed, others, isCut, names, numbers, clocks }} onUndo={planner.undo} {...handlers} />
      </div>
      {opened && (
        <PlanDialog
          order={opened}
          day={day}
          number={numbers.get(opened.ticket_id)}
          onDone={planner.note}
          onClose={() => setOpened(null)}
        />
      )}
      {planner.asked && <PromiseDialog {...planner.asked} onPlan={planner.carryOut} onClose={planner.dismiss} />}
    </>
  );
}
