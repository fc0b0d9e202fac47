import { useEffect, useRef } from "react";

/** Where what held the focus is gone, the page's title takes it, so that the keyboard goes on from there. */
export function keepFocus(held: Element | null): void {
  const title = document.querySelector<HTMLElement>("h1");
  if (!held || held.isConnected || document.activeElement !== document.body || !title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}

/** The same whenever what is shown has become another. */
export function useKeptFocus(shown: string | number | undefined): void {
  const before = useRef(shown);
  const held = useRef<Element | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      held.current = target instanceof Element ? target : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    if (before.current !== shown) keepFocus(held.current);
    before.current = shown;
  }, [shown]);
}
