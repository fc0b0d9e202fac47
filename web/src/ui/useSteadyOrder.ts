import { useLayoutEffect, useReducer, useRef } from "react";
import { asBefore } from "./steady";

/**
 * Rows that are sorted by what changes while somebody looks. They stay where they are while the pointer or the focus is
 * among them, so that nobody presses another one than they meant; once both have left, or they are sorted `by` something
 * else, the order is caught up with.
 */
export function useSteadyOrder<Row, Box extends HTMLElement>(
  wanted: readonly Row[],
  keyOf: (row: Row) => string,
  by = "",
) {
  const box = useRef<Box>(null);
  const isBelow = useRef(false);
  const last = useRef({ by, wanted, rows: wanted });
  const [, catchUp] = useReducer((times: number) => times + 1, 0);
  const isHeld = () => isBelow.current || box.current?.contains(document.activeElement) === true;
  const rows = last.current.by === by && isHeld() ? kept() : wanted;
  function kept(): readonly Row[] {
    const before = last.current;
    return before.wanted === wanted ? before.rows : asBefore(wanted, before.rows.map(keyOf), keyOf);
  }
  useLayoutEffect(() => {
    last.current = { by, wanted, rows };
    if (rows !== wanted && !isHeld()) catchUp(); // what had the focus went away, and no event says so
  });
  useLayoutEffect(() => leaving(box.current, isBelow, catchUp), []);
  return { box, rows };
}

/** Calls when the pointer or the focus leaves a box, and notes whether a pointer is there: a finger only comes and goes. */
function leaving(box: HTMLElement | null, isBelow: { current: boolean }, leave: () => void): () => void {
  const listening = new AbortController();
  const on = <Name extends "pointerenter" | "pointerleave" | "focusout">(
    name: Name,
    act: (event: HTMLElementEventMap[Name]) => void,
  ) => box?.addEventListener(name, act, { signal: listening.signal });
  on("pointerenter", ({ pointerType }) => {
    isBelow.current = pointerType !== "touch";
  });
  on("pointerleave", () => {
    isBelow.current = false;
    leave();
  });
  on("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && box?.contains(relatedTarget))) leave();
  });
  return () => listening.abort();
}
