import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommandKey } from "./command";
import { isProblem } from "./problem";
import { useWhileShown } from "./useWhileShown";

interface Tagged {
  etag: string | null;
}

interface Options<Read, Wish> {
  /** The object as it was when the dialog opened: the command says that it is about this one. */
  shown: Read;
  /** The object as it is known by now. */
  now: Read;
  /** Sends the command; `key` is the same for the same wish about the same reading. */
  send: (read: Read, wish: Wish, key: string) => Promise<unknown>;
  onDone: () => void;
}

/** One command about an object that somebody read: what others changed meanwhile is a conflict, to be looked at before it is sent again. */
export function useAct<Read extends Tagged, Wish>({ shown, now, send, onDone }: Options<Read, Wish>) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const done = useWhileShown(onDone);
  const [seen, setSeen] = useState(shown);
  const run = useMutation({
    mutationFn: ({ read, wish }: { read: Read; wish: Wish }) => send(read, wish, keyOf({ etag: read.etag, wish })),
    onSuccess: done,
    onSettled: () => queries.invalidateQueries(),
  });
  const conflict = isProblem(run.error, "stale-version");
  function confirm(wish: Wish): void {
    const read = conflict ? now : seen;
    setSeen(read);
    run.mutate({ read, wish });
  }
  return { seen, conflict, confirm, error: conflict ? null : run.error, isPending: run.isPending };
}
