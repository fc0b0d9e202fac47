import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { command, commandKey } from "../lib/clients";
import { useCommandKey } from "../lib/command";
import { useWhileShown } from "../lib/useWhileShown";

/** A small list that people keep: how it is read and written. `Entry` is what a form says of one entry. */
export interface KeptList<Page, Entry> {
  key: string;
  all: () => Promise<Page>;
  /** Keeps an entry: a new one, or the one of this id. */
  keep: (id: string | null, sent: { body: Entry; headers: Record<string, string> }) => Promise<unknown>;
  remove: (id: string, headers: Record<string, string>) => Promise<unknown>;
}

export function useKept<Page>({ key, all }: KeptList<Page, never>) {
  return useQuery({ queryKey: [key], queryFn: all });
}

/** The same entry sent again is kept once, until it was kept. */
export function useKeep<Entry>(list: KeptList<unknown, Entry>, onDone = () => {}) {
  const end = useWhileShown(onDone);
  const onSettled = useAsking(list.key);
  const keyOf = useCommandKey();
  const done = useRef(0);
  return useMutation({
    mutationFn: ({ id, entry }: { id: string | null; entry: Entry }) =>
      list.keep(id, { body: entry, headers: command(keyOf([id, entry, done.current])) }),
    onSuccess: () => {
      done.current += 1;
      end();
    },
    onSettled,
  });
}

export function useRemove(list: KeptList<unknown, never>) {
  const onSettled = useAsking(list.key);
  return useMutation({ mutationFn: (id: string) => list.remove(id, command(commandKey())), onSettled });
}

/** Asks for the list anew, and for what became of it. */
function useAsking(key: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: [key] });
}
