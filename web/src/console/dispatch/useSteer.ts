import { type KeyboardEvent, useEffect, useState } from "react";
import { problemOf } from "../../lib/problem";
import { shortTime } from "../../lib/times";
import { STEP, upcoming } from "./day";
import { isAble, type Lane, nameOf } from "./lanes";
import { tryPlan } from "./planning";
import { isMovable, lengthOf, planAt, slotOf, type WorkOrder } from "./visit";
import { stepOf } from "./walk";

/** A card that was picked up by keyboard, and the place that the arrows took it to. */
interface Steered {
  order: WorkOrder;
  /** Whose lane it is, wherever that stands by now. */
  engineerId: string | undefined;
  start: number;
}

interface Day {
  lanes: readonly Lane[];
  /** [start, end). */
  start: number;
  end: number;
  now: number;
}

/** Milliseconds after which the keys rest and the service is asked. */
const REST = 300;
/** Where a day's work begins, from midnight, when nothing else is known. */
const MORNING = 8 * 3_600_000;

/** Space picks a card up, arrows take it to a lane and a time, Space or Enter puts it down, Escape lets go. */
export function useSteer(
  day: Day,
  onDrop: (order: WorkOrder, engineerId: string, start: number) => void,
  say: (words: string) => void,
) {
  const [steered, setSteered] = useState<Steered | null>(null);
  const lane = steered && day.lanes[laneOf(steered, day)];
  useEffect(() => {
    if (!steered || !lane) return;
    document.querySelector(".aimed")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const there = `${nameOf(lane.engineer)} ${shortTime(new Date(steered.start).toISOString())}`;
    say(there);
    let isCurrent = true;
    const rest = setTimeout(() => {
      tryPlan(steered.order.id, planAt(steered.order, lane.engineer.id, steered.start)).catch((error: unknown) => {
        if (isCurrent) say(`${there}: ${problemOf(error)?.detail ?? ""}`);
      });
    }, REST);
    return () => {
      isCurrent = false;
      clearTimeout(rest);
    };
  }, [steered, lane?.engineer.id, say]);

  /** Whether the key was for steering. */
  function press(event: KeyboardEvent, order: WorkOrder): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (steered?.order.id !== order.id) {
      if (event.key !== " " || !isMovable(order) || day.lanes.length === 0) return false;
      setSteered(begin(order, day));
      return true;
    }
    return go({ ...steered, order }, event.key); // as it is by now: others may have moved it, or agreed a time
  }
  function go(from: Steered, key: string): boolean {
    const step = stepOf(key);
    if (step) setSteered(within(from.order, laneOf(from, day) + step.down, from.start + step.across * STEP, day));
    else if (key === " " || key === "Enter") drop(from);
    else if (key === "Escape") setSteered(null);
    else return false;
    return true;
  }
  function drop({ order, start }: Steered): void {
    setSteered(null);
    if (lane) onDrop(order, lane.engineer.id, start);
  }
  const aimed = steered &&
    lane && { engineerId: lane.engineer.id, start: steered.start, end: steered.start + lengthOf(steered.order) };
  return { order: steered?.order ?? null, aimed, press, cancel: () => setSteered(null) };
}

function begin(order: WorkOrder, day: Day): Steered {
  const own = order.engineer_id;
  const lane = day.lanes.findIndex(({ engineer }) => (own ? engineer.id === own : isAble(engineer, order)));
  const start = slotOf(order)?.start ?? upcoming(Math.max(day.now, day.start + MORNING));
  return within(order, lane, start, day);
}

function within(order: WorkOrder, lane: number, start: number, { lanes, ...day }: Day): Steered {
  const { engineer } = lanes[clamp(lane, 0, lanes.length - 1)] ?? {};
  return { order, engineerId: engineer?.id, start: clamp(start, day.start, day.end - STEP) };
}

/** Which of the lanes it is now, from 0; -1: it is gone. */
function laneOf({ engineerId }: Steered, { lanes }: Day): number {
  return lanes.findIndex(({ engineer }) => engineer.id === engineerId);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
