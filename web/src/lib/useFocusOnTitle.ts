import { useEffect, useRef } from "react";
import { keepFocus } from "./keepFocus";

/** Whenever what is shown has become another, the title takes the focus of what is gone with it. */
export function useFocusOnTitle(shown: string | number | undefined): void {
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
