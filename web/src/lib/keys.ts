import { useEffect } from "react";
import { choice } from "./choices";

const FIELDS = "input, textarea, select, [contenteditable=true]";
const SEQUENCE = 1200;
/** Milliseconds in which the second letter of `g t` has to come. */

/**
 * Single keys for the whole page, such as `n`, `/` or `g t`. Silent in fields, in a dialog, while an input method
 * composes, with a modifier, and when the person switched them off (WCAG 2.1.4).
 */
export function useShortcuts(shortcuts: Record<string, () => void>): void {
  useEffect(() => {
    let before = "";
    let until = 0;
    function press(event: KeyboardEvent): void {
      if (!isShortcut(event)) return;
      const key = event.key.toLowerCase();
      const wanted = event.timeStamp < until ? `${before} ${key}` : key;
      [before, until] = [key, event.timeStamp + SEQUENCE];
      const act = shortcuts[wanted];
      if (!act) return;
      event.preventDefault();
      act();
    }
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [shortcuts]);
}

/** Whether an input method takes the key: its Enter chooses a word and submits nothing. */
export function isComposing(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

function isShortcut(event: KeyboardEvent): boolean {
  if (choice("keys") === "off" || event.defaultPrevented || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : document.body;
  return !target.matches(FIELDS) && !document.querySelector("[role=dialog], dialog[open]");
}
