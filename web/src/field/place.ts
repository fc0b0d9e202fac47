import { useSyncExternalStore } from "react";

/** Which page is shown, by its address below `/field/`. */
export type Place = { page: "today" } | { page: "log" } | { page: "visit" | "acceptance"; id: string };

const BASE = "/field/";
const VISIT = /^visits\/([0-9a-f-]{36})(\/acceptance)?$/;

/** The page of an address; what is none is today's. */
export function placeOf(path: string): Place {
  const below = path.startsWith(BASE) ? path.slice(BASE.length) : "";
  const [, id, acceptance] = VISIT.exec(below) ?? [];
  if (id) return { page: acceptance ? "acceptance" : "visit", id };
  return below === "log" ? { page: "log" } : { page: "today" };
}

export function addressOf(place: Place): string {
  if (place.page === "today") return BASE;
  if (place.page === "log") return `${BASE}log`;
  return `${BASE}visits/${place.id}${place.page === "acceptance" ? "/acceptance" : ""}`;
}

export function go(place: Place): void {
  history.pushState(null, "", addressOf(place));
  for (const watcher of watchers) watcher();
  scrollTo(0, 0);
}

const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  addEventListener("popstate", watcher);
  return () => {
    watchers.delete(watcher);
    removeEventListener("popstate", watcher);
  };
}

export function usePlace(): Place {
  return placeOf(useSyncExternalStore(watch, () => location.pathname));
}
