import { useQuery } from "@tanstack/react-query";
import type { KeptList } from "./keptList";

/** What is on a list of the department's. */
export interface Item {
  id: string;
}

export interface Change {
  change: "kept" | "removed";
  occurred_at: string;
  actor_name: string | null;
}

/** A list that managers keep for all, with its history. `key` is also the area of its words. */
export interface DepartmentList<Of extends Item, Entry, Became extends Change>
  extends KeptList<{ items: Of[] }, Entry> {
  key: "hotlines" | "snippets";
  changes: () => Promise<{ items: Became[] }>;
}

/** Milliseconds for which it is not asked for again. */
const SELDOM = 60_000;

export function useItems<Of extends Item>({ key, all }: DepartmentList<Of, never, Change>) {
  return useQuery({ queryKey: [key], queryFn: all, select: (page) => page.items, staleTime: SELDOM });
}

export function useChanges<Became extends Change>({ key, changes }: DepartmentList<Item, never, Became>) {
  return useQuery({ queryKey: [key, "history"], queryFn: changes, select: (page) => page.items });
}
