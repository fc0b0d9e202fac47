import { known } from "../../lib/address";

/** What waits now comes first: it is what the address says without a view. */
export const VIEWS = ["due", "overdue", "later", "done", "all"] as const;
export type View = (typeof VIEWS)[number];

/** Which callbacks the list shows, as the address says it. */
export interface Filters {
  view?: Exclude<View, "due">;
  /** Of tickets that are the reader's own. */
  owner?: "me";
}

export function filtersIn(search: Record<string, unknown>): Filters {
  const [view] = known(search.view, VIEWS);
  return { ...(view && view !== "due" && { view }), ...(search.owner === "me" && { owner: "me" as const }) };
}

export function viewOf({ view }: Filters): View {
  return view ?? "due";
}

/** Milliseconds after which a call that is due is overdue. */
const GRACE = 24 * 3_600_000;

/** Milliseconds: what is due in a moment is due, for this browser's clock and the service's are never quite the same. */
const SOON = 60_000;

const SCHEDULED = { status: ["scheduled" as const] };

/** A view as the service takes it, at `now` (milliseconds). */
export function askedFor(view: View, now: number) {
  switch (view) {
    case "due":
      return { ...SCHEDULED, due_to: instant(now + SOON) };
    case "overdue":
      return { ...SCHEDULED, due_to: instant(now - GRACE) };
    case "later":
      return { ...SCHEDULED, due_from: instant(now + SOON) };
    case "done":
      return { status: ["completed" as const] };
    case "all":
      return {};
  }
}

/** Whether a call waits that is due, and whether it has waited too long. */
export function stageOf({ status, due_at }: { status: string; due_at: string }, now: number): View {
  if (status === "completed") return "done";
  const late = now - Date.parse(due_at);
  if (late <= -SOON) return "later";
  return late > GRACE ? "overdue" : "due";
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
