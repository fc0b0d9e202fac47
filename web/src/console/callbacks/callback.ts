import { useMutation, useQuery } from "@tanstack/react-query";
import { body, command, survey, tagged } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import type { CallbackItem } from "./callbacks";
import { attemptOf, type Values } from "./outcome";

export const MAY_CALL = ["agent", "manager"];

/** A callback as it was read, and the ETag by which a command says so. */
export interface Read {
  callback: CallbackItem;
  etag: string | null;
}

export function useCallback(id: string) {
  return useQuery({ queryKey: ["callbacks", "one", id], queryFn: () => readCallback(id), refetchInterval: EVERY });
}

async function readCallback(id: string): Promise<Read> {
  const params = { path: { callback_id: id } };
  const [callback, etag] = await tagged(survey.GET("/v1/callbacks/{callback_id}", { params }));
  return { callback, etag };
}

/** Whom to call. Not read by itself: the service records every look. */
export function useContact(id: string) {
  return useMutation({
    mutationFn: () =>
      body(survey.GET("/v1/callbacks/{callback_id}/contact", { params: { path: { callback_id: id } } })),
  });
}

/** Records the call, as the same command however often it is sent with one key. */
export function record({ callback, etag }: Read, values: Values, key: string): Promise<unknown> {
  const params = { path: { callback_id: callback.id } };
  const sent = { params, headers: command(key, etag), body: attemptOf(values) };
  return body(survey.POST("/v1/callbacks/{callback_id}/attempts", sent));
}
