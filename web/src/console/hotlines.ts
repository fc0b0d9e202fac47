import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "../api/intake.gen";
import { body, command, commandKey, intake } from "../lib/clients";
import { useCommandKey } from "../lib/command";

export type Hotline = components["schemas"]["HotlineItem"];
export type NewHotline = components["schemas"]["NewHotline"];

const KEY = ["hotlines"];
/** Milliseconds for which they are not asked for again. */
const SELDOM = 60_000;

export function useHotlines() {
  return useQuery({
    queryKey: KEY,
    queryFn: () => body(intake.GET("/v1/hotlines")),
    select: (page) => page.items,
    staleTime: SELDOM,
  });
}

export function useChanges() {
  return useQuery({
    queryKey: [...KEY, "history"],
    queryFn: () => body(intake.GET("/v1/hotline-changes")),
    select: (page) => page.items,
  });
}

/** Keeps a hotline, a new one or the one of this id; the same one sent again is kept once. */
export function useKeep(onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  return useMutation({
    mutationFn: ({ id, hotline }: { id: string | null; hotline: NewHotline }) => {
      const sent = { body: hotline, headers: command(keyOf({ id, hotline })) };
      if (id === null) return body(intake.POST("/v1/hotlines", sent));
      return body(intake.POST("/v1/hotlines/{hotline_id}", { ...sent, params: { path: { hotline_id: id } } }));
    },
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { hotline_id: id } };
      return body(intake.POST("/v1/hotlines/{hotline_id}/removal", { params, headers: command(commandKey()) }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
