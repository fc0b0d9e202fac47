import { useLayoutEffect } from "react";
import { choice } from "./choices";

const FIELDS = "input, textarea, select, [contenteditable=true]";
/** Milliseconds in which the second letter of `g t` has to come. */
const SEQUENCE = 1200;

type Shortcuts = Record<string, () => void>;

/**
 * Single keys for the whole page, such as `n`, `/` or `g t`. Silent in fields, in a dialog, while an input method
 * composes, with a modifier, and when the person switched them off (WCAG 2.1.4). What a page shows, its keys do from
 * then on: they are listened to before it is painted.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  useLayoutEffect(() => {
    let before = "";
    let until = 0;
    function press(event: KeyboardEvent): void {
      if (!isShortcut(event)) return;
      const key = event.key.toLowerCase();
      const act = actFor(shortcuts, event.timeStamp < until ? before : null, key);
      [before, until] = [key, event.timeStamp + SEQUENCE];
      if (!act) return;
      event.preventDefault();
      act();
    }
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [shortcuts]);
}

/** Ctrl+Z or ⌘Z; null: there is nothing to undo. Not in a field, which undoes its own, and not in a dialog. */
export function useUndoKey(undo: (() => void) | null): void {
  useLayoutEffect(() => {
    function press(event: KeyboardEvent): void {
      if (!isUndo(event) || !isForThePage(event)) return;
      event.preventDefault();
      undo?.();
    }
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [undo]);
}

function isUndo({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "z" && (ctrlKey || metaKey) && !altKey && !shiftKey;
}

/** What a key does, after `before` if that came a moment ago: a pair goes before a single key, and a broken pair is one. */
export function actFor(shortcuts: Shortcuts, before: string | null, key: string): (() => void) | undefined {
  return shortcuts[`${before} ${key}`] ?? shortcuts[key];
}

/** Whether an input method takes the key: its Enter chooses a word and submits nothing. */
export function isComposing(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

function isShortcut(event: KeyboardEvent): boolean {
  if (choice("keys") === "off" || event.ctrlKey || event.metaKey || event.altKey) return false;
  return isForThePage(event);
}

/** Whether neither a field, nor a dialog, nor an input method takes the key. */
function isForThePage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isComposing(event)) return false;
  const target = event.target instanceof Element ? event.target : document.body;
  return !target.matches(FIELDS) && !document.querySelector("dialog[open]");
}
