import type { PointerEvent as ReactPointerEvent } from "react";
import { snapped, timeOf, widthOf } from "./day";
import type { Shown } from "./span";
import { isMovable, lengthOf, type WorkOrder } from "./visit";

/** Where a visit would be put down: whose lane and when, or back to those that wait. */
export interface Target {
  /** Null: nobody's. */
  engineerId: string | null;
  start: number;
}

export interface DragHost {
  /** The scrolling schedule, and what it shows. */
  schedule: HTMLElement;
  shown: Shown;
  onLift: (order: WorkOrder | null) => void;
  /** The target in words. */
  nameOf: (target: Target) => string;
  /** Why it cannot be there; null: it can. Asked when the pointer rests. */
  obstacleAt: (order: WorkOrder, target: Target) => Promise<string | null>;
  onDrop: (order: WorkOrder, target: Target) => void;
}

/** Pixels that a click may slip. */
const SLIP = 4;
/** Milliseconds after which a pointer rests. */
const REST = 300;
/** Pixels at the schedule's edges where it scrolls, and by how many. */
const EDGE = { height: 48, step: 14 };

/** Carries a bar or a card with the pointer until it is let go, or Escape. The page renders nothing meanwhile. */
export function beginDrag(event: ReactPointerEvent<HTMLElement>, order: WorkOrder, host: DragHost): void {
  if (event.button !== 0 || event.pointerType === "touch" || !isMovable(order)) return;
  const origin = { x: event.clientX, y: event.clientY };
  const grabbed = grabOf(event);
  const ghost = ghostOf(event.currentTarget, order, host.shown);
  const ended = new AbortController();
  let target: Target | null = null;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function move({ clientX, clientY }: PointerEvent): void {
    if (!ghost.isConnected) {
      if (Math.hypot(clientX - origin.x, clientY - origin.y) < SLIP) return;
      document.body.append(ghost);
      host.onLift(order);
    }
    ghost.style.translate = `${clientX - grabbed}px ${clientY - 14}px`;
    scroll(host.schedule, clientY);
    aim(targetAt(host, clientX, clientY, grabbed));
  }
  function aim(next: Target | null): void {
    if (next?.engineerId === target?.engineerId && next?.start === target?.start) return;
    target = next;
    clearTimeout(rest);
    mark(next, "");
    if (next?.engineerId) rest = setTimeout(() => void ask(next), REST);
  }
  async function ask(asked: Target): Promise<void> {
    const obstacle = await host.obstacleAt(order, asked);
    if (obstacle !== null && target === asked && ghost.isConnected) mark(asked, obstacle);
  }
  function mark(at: Target | null, obstacle: string): void {
    (ghost.lastElementChild as HTMLElement).textContent = obstacle || (at ? host.nameOf(at) : "");
    ghost.classList.toggle("refused", obstacle !== "");
    lit(host.schedule, at?.engineerId ?? null, obstacle !== "");
  }
  function end(dropped: Target | null, isHeld = false): void {
    ended.abort();
    clearTimeout(rest);
    lit(host.schedule, null, false);
    if (!ghost.isConnected) return;
    ghost.remove();
    swallowClick(isHeld);
    host.onLift(null);
    if (dropped) host.onDrop(order, dropped);
  }
  const listening = { signal: ended.signal };
  addEventListener("pointermove", move, listening);
  addEventListener("pointerup", () => end(target), listening);
  addEventListener("pointercancel", () => end(null), listening);
  addEventListener("keydown", (key) => key.key === "Escape" && end(null, true), listening);
}

/** How far from its left edge a bar was taken; a card of the pool is taken near it. */
function grabOf({ currentTarget, clientX }: ReactPointerEvent<HTMLElement>): number {
  return currentTarget.dataset.bar ? clientX - currentTarget.getBoundingClientRect().left : 10;
}

function ghostOf(from: HTMLElement, order: WorkOrder, { span }: Shown): HTMLElement {
  const ghost = document.createElement("div");
  ghost.className = "bar lifted";
  ghost.style.width = `${widthOf(lengthOf(order), span.hourWidth)}px`;
  ghost.append(document.createElement("span"), document.createElement("small"));
  (ghost.firstElementChild as HTMLElement).textContent = from.dataset.title ?? "";
  return ghost;
}

function targetAt(host: DragHost, x: number, y: number, grabbed: number): Target | null {
  const under = document.elementFromPoint(x, y);
  if (under?.closest("[data-pool]")) return { engineerId: null, start: 0 };
  const lane = under?.closest<HTMLElement>("[data-lane]");
  const track = lane?.querySelector("[data-track]");
  if (!lane || !track) return null;
  const { start: first, span } = host.shown;
  const start = snapped(first + timeOf(x - grabbed - track.getBoundingClientRect().left, span.hourWidth));
  return { engineerId: lane.dataset.lane as string, start };
}

function scroll(schedule: HTMLElement, y: number): void {
  const { top, bottom } = schedule.getBoundingClientRect();
  if (y > bottom - EDGE.height) schedule.scrollTop += EDGE.step;
  else if (y < top + EDGE.height) schedule.scrollTop -= EDGE.step;
}

function lit(schedule: HTMLElement, engineerId: string | null, isRefused: boolean): void {
  for (const lane of schedule.querySelectorAll<HTMLElement>("[data-lane]")) {
    const isTarget = lane.dataset.lane === engineerId;
    lane.classList.toggle("target", isTarget && !isRefused);
    lane.classList.toggle("refused", isTarget && isRefused);
  }
}

/** What was dragged was not clicked, nor is it when a button that is still held is let go. */
function swallowClick(isHeld: boolean): void {
  const listening = new AbortController();
  const over = () => setTimeout(() => listening.abort());
  addEventListener("click", (event) => event.stopPropagation(), { capture: true, signal: listening.signal });
  if (isHeld) addEventListener("pointerup", over, { signal: listening.signal });
  else over();
}
