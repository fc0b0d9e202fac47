import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  useDeferredValue,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useUndoKey } from "../../lib/keys";
import { useNow } from "../../lib/now";
import { useSteadyOrder } from "../../ui/useSteadyOrder";
import type { ClockItem } from "../clocks";
import { widthOf } from "./day";
import type { Target } from "./drag";
import { Hours, NowLine, openingOf } from "./Hours";
import { Lane } from "./Lane";
import { isAble, type Lane as LaneOf, type Sort } from "./lanes";
import type { TicketNames } from "./names";
import { PlanDialog } from "./PlanDialog";
import { Pool } from "./Pool";
import { PromiseDialog } from "./PromiseDialog";
import { Refusal } from "./Refusal";
import type { Shown } from "./span";
import { useHandlers } from "./useHandlers";
import { usePlanner } from "./usePlanner";
import { useSteer } from "./useSteer";
import { planAt, type WorkOrder } from "./visit";
import { neighbour } from "./walk";

interface ScheduleProps {
  shown: Shown;
  sort: Sort;
  lanes: readonly LaneOf[];
  waiting: readonly WorkOrder[];
  untimed: readonly WorkOrder[];
  others: number;
  isCut: boolean;
  names: ReadonlyMap<string, string>;
  tickets: TicketNames;
  clocks: ReadonlyMap<string, ClockItem>;
}

const idOf = ({ engineer }: LaneOf) => engineer.id;

/** Lanes that are rendered first, about a screen of them: the others follow once these stand. */
const FIRST = 12;

/** The lanes and the pool, and all that moves a visit: pointer, arrows, and the form. */
export function Schedule(props: ScheduleProps) {
  const { shown, sort, waiting, untimed, others, isCut, names, tickets, clocks } = props;
  const { t } = useTranslation();
  // Where who has most to do comes first, each move would put another lane below the pointer.
  const { box, rows: lanes } = useSteadyOrder<LaneOf, HTMLDivElement>(props.lanes, idOf, sort);
  const refocus = useRef<string | null>(null);
  const planner = usePlanner(names, tickets);
  const [opened, setOpened] = useState<WorkOrder | null>(null);
  const [lifted, setLifted] = useState<WorkOrder | null>(null);
  const { start, end, span } = shown;
  const now = useNow(() => false);
  const isComplete = useDeferredValue(true, false);
  const put = (order: WorkOrder, { engineerId, start }: Target) =>
    planner.propose({ order, plan: engineerId === null ? null : planAt(order, engineerId, start) });
  useUndoKey(planner.undo);
  const steer = useSteer(
    { lanes, start, end, now },
    (order, engineerId, at) => put(order, { engineerId, start: at }),
    planner.say,
  );

  const handlers = useHandlers({ box, lanes, shown, names, refocus, steer, put, onLift: setLifted, onOpen: setOpened });

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
  }, [box, lanes]);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = widthOf(openingOf(shown) - shown.start, shown.span.hourWidth);
  }, [box, shown]);

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
          style={{ "--grid": `${span.hourWidth * span.every}px` } as CSSProperties}
          ref={box}
          role="group"
          aria-label={t("board.schedule")}
          aria-describedby="board-help"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows walk the bars from here, and scroll
          tabIndex={0}
          onKeyDown={walk}
          onFocus={settle}
        >
          <Hours shown={shown} />
          {now >= start && now < end && <NowLine at={widthOf(now - start, span.hourWidth)} />}
          {lanes.slice(0, isComplete ? lanes.length : FIRST).map((lane) => (
            <Lane
              key={lane.engineer.id}
              lane={lane}
              shown={shown}
              isAble={carried !== null && isAble(lane.engineer, carried)}
              aimed={steer.aimed?.engineerId === lane.engineer.id ? steer.aimed : null}
              tickets={tickets}
              clocks={clocks}
              {...handlers}
            />
          ))}
        </div>
        <Pool {...{ waiting, untimed, others, isCut, names, tickets, clocks }} onUndo={planner.undo} {...handlers} />
      </div>
      {opened && (
        <PlanDialog
          order={opened}
          day={shown.days[0] as string}
          number={tickets.get(opened.ticket_id)?.number}
          onDone={planner.note}
          onRefused={planner.refuse}
          onClose={() => setOpened(null)}
        />
      )}
      {planner.asked && <PromiseDialog {...planner.asked} onPlan={planner.carryOut} onClose={planner.dismiss} />}
    </>
  );
}
