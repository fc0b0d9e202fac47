import { type KeyboardEvent, type PointerEvent, type RefObject, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { isComposing } from "../../lib/keys";
import { problemOf } from "../../lib/problem";
import { shortTime } from "../../lib/times";
import type { Handlers } from "./Bar";
import { STEP } from "./day";
import { beginDrag, type Target } from "./drag";
import type { Lane } from "./lanes";
import { newestOf } from "./orders";
import { tryPlan } from "./planning";
import type { Shown } from "./span";
import { isMovable, planAt, slotOf, type WorkOrder } from "./visit";
import { stepOf } from "./walk";

interface Desk {
  box: RefObject<HTMLElement | null>;
  lanes: readonly Lane[];
  shown: Shown;
  names: ReadonlyMap<string, string>;
  /** The visit whose bar has the focus again once it was moved. */
  refocus: RefObject<string | null>;
  steer: { press: (event: KeyboardEvent, order: WorkOrder) => boolean; cancel: () => void };
  put: (order: WorkOrder, target: Target) => void;
  onLift: (order: WorkOrder | null) => void;
  onOpen: (order: WorkOrder) => void;
}

/** What bars and cards call: functions that stay the same, so that a visit that did not change is not rendered again. */
export function useHandlers(desk: Desk): Handlers {
  const { t } = useTranslation();
  const latest = useRef(desk);
  latest.current = desk;
  return useMemo(() => {
    function lift(event: PointerEvent<HTMLElement>, order: WorkOrder): void {
      const { box, shown, onLift } = latest.current;
      if (!box.current) return;
      const said = { nameOf, obstacleAt: refusalOf };
      beginDrag(event, newestOf(order), { schedule: box.current, shown, onLift, onDrop: drop, ...said });
    }
    function drop(order: WorkOrder, target: Target): void {
      latest.current.put(newestOf(order), target); // others may have moved it while it was carried
    }
    function nameOf({ engineerId, start }: Target): string {
      if (engineerId === null) return t("board.unassign");
      return `${shortTime(new Date(start).toISOString())} ${latest.current.names.get(engineerId) ?? ""}`;
    }
    function press(event: KeyboardEvent<HTMLElement>, order: WorkOrder): void {
      if (isComposing(event.nativeEvent) || event.ctrlKey || event.metaKey) return;
      if (!act(event, newestOf(order))) return;
      event.preventDefault();
      event.stopPropagation();
    }
    function act(event: KeyboardEvent<HTMLElement>, order: WorkOrder): boolean {
      if (event.altKey) return nudge(latest.current, order, event.key);
      if (event.currentTarget.dataset.card && latest.current.steer.press(event, order)) return true;
      if (event.key !== "m") return false;
      latest.current.onOpen(order);
      return true;
    }
    return {
      onLift: lift,
      onPress: press,
      onOpen: (order) => latest.current.onOpen(newestOf(order)),
      onLeave: () => latest.current.steer.cancel(),
    };
  }, [t]);
}

/** Alt and an arrow: a quarter of an hour, or the next lane. Never the browser's way back, wherever it leads. */
function nudge({ lanes, refocus, put }: Desk, order: WorkOrder, key: string): boolean {
  const [step, slot] = [stepOf(key), slotOf(order)];
  if (!step) return false;
  const lane = lanes.findIndex(({ engineer }) => engineer.id === order.engineer_id);
  const next = lane < 0 ? undefined : lanes[lane + step.down];
  if (!slot || !next || !isMovable(order)) return true;
  refocus.current = order.id;
  put(order, { engineerId: next.engineer.id, start: slot.start + step.across * STEP });
  return true;
}

/** Why the service would not have a visit there; null: it would. */
async function refusalOf(order: WorkOrder, { engineerId, start }: Target): Promise<string | null> {
  if (engineerId === null) return null;
  const plan = planAt(order, engineerId, start);
  const promised = { ...plan, confirmed: slotOf(order)?.confirmed === true };
  return tryPlan(order.id, promised).then(
    () => null,
    (error: unknown) => problemOf(error)?.detail ?? null,
  );
}
