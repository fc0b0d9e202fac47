import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Keeps the keyboard in a grid when the row that has the focus leaves it, as a claimed ticket leaves the unclaimed
 * ones: the row that is current from then on has the focus, and the list does not scroll.
 */
export function useKeptFocus(box: RefObject<HTMLElement | null>, rows: unknown, current: number) {
  const isInside = useRef(false);
  useLayoutEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    box.current?.querySelector<HTMLElement>(`[data-index="${current}"]`)?.focus({ preventScroll: true });
  }, [box, rows, current]);
  return {
    onFocus: () => {
      isInside.current = true;
    },
    // A row that React takes away gives no such event: who leaves the grid does.
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      isInside.current = currentTarget.contains(relatedTarget);
    },
  };
}
