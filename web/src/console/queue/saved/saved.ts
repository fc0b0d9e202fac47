import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "../../../api/intake.gen";
import { body, command, commandKey, intake } from "../../../lib/clients";
import { useCommandKey } from "../../../lib/command";

export type SavedFilters = components["schemas"]["SavedFilters"];
export type OwnFilter = components["schemas"]["OwnFilter"];
export type SharedFilter = components["schemas"]["SharedFilter"];
export type NewFilter = components["schemas"]["NewFilter"];
export type Role = NonNullable<NewFilter["shared_with"]>;

const KEY = ["saved filters"];

export function useSaved() {
  return useQuery({ queryKey: KEY, queryFn: () => body(intake.GET("/v1/saved-filters")) });
}

/** Keeps one more filter; the same one sent again is kept once. */
export function useSave(onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  return useMutation({
    mutationFn: (filter: NewFilter) =>
      body(intake.POST("/v1/saved-filters", { body: filter, headers: command(keyOf(filter)) })),
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

/** Begins the queue with a filter of one's own from now on, or no more. */
export function useDefaulting() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name, filter, shared_with, is_default }: OwnFilter) => {
      const changed = { name: name ?? "", filter, shared_with, is_default: !is_default };
      const params = { path: { filter_id: id } };
      const headers = command(commandKey());
      return body(intake.POST("/v1/saved-filters/{filter_id}", { params, headers, body: changed }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { filter_id: id } };
      return body(intake.POST("/v1/saved-filters/{filter_id}/removal", { params, headers: command(commandKey()) }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
