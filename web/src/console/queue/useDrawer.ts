import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import type { QueueSearch } from "./filters";
import type { QueueItem } from "./tickets";

/** Milliseconds on a row after which the drawer shows it: what is only passed is not read. */
const REST = 200;
const route = getRouteApi("/tickets");

/** The ticket beside the list, as the address has it: shown for a row, from row to row while it stands, and closed. */
export function useDrawer() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Which one is wanted by now: the address follows, and the focus may reach a row before it does. */
  const wanted = useRef(open);
  useEffect(() => {
    wanted.current = open;
  }, [open]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const go = useCallback(
    (id: string | undefined) => {
      clearTimeout(timer.current);
      wanted.current = id;
      const search = ({ open: _, ...rest }: QueueSearch): QueueSearch => (id ? { ...rest, open: id } : rest);
      void navigate({ search, replace: true, resetScroll: false });
    },
    [navigate],
  );
  const show = useCallback(({ id }: QueueItem) => go(id), [go]);
  function reach({ id }: QueueItem): void {
    clearTimeout(timer.current);
    if (wanted.current && id !== wanted.current) timer.current = setTimeout(() => go(id), REST);
  }
  function close(): void {
    go(undefined);
    focusRow();
  }
  return { open, show, reach, close };
}

/** Back to the row that the arrows go on from. */
export function focusRow(): void {
  document.querySelector<HTMLElement>('.grid-line[tabindex="0"]')?.focus();
}
