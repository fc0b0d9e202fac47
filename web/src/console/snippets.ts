import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "../api/intake.gen";
import { body, command, commandKey, intake } from "../lib/clients";
import { useCommandKey } from "../lib/command";

export type Snippet = components["schemas"]["SnippetItem"];
export type NewSnippet = components["schemas"]["NewSnippet"];
export type Use = NonNullable<Snippet["use"]>;

const KEY = ["snippets"];
/** Milliseconds for which they are not asked for again. */
const SELDOM = 60_000;

export function useSnippets(isWanted = true) {
  return useQuery({
    queryKey: KEY,
    queryFn: () => body(intake.GET("/v1/snippets")),
    select: (page) => page.items,
    staleTime: SELDOM,
    enabled: isWanted,
  });
}

export function useChanges() {
  return useQuery({
    queryKey: [...KEY, "history"],
    queryFn: () => body(intake.GET("/v1/snippet-changes")),
    select: (page) => page.items,
  });
}

/** Keeps a snippet, a new one or the one of this id; the same one sent again is kept once. */
export function useKeep(onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  return useMutation({
    mutationFn: ({ id, snippet }: { id: string | null; snippet: NewSnippet }) => {
      const sent = { body: snippet, headers: command(keyOf({ id, snippet })) };
      if (id === null) return body(intake.POST("/v1/snippets", sent));
      return body(intake.POST("/v1/snippets/{snippet_id}", { ...sent, params: { path: { snippet_id: id } } }));
    },
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { snippet_id: id } };
      return body(intake.POST("/v1/snippets/{snippet_id}/removal", { params, headers: command(commandKey()) }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
