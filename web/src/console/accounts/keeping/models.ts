import { useQuery } from "@tanstack/react-query";
import { body, command, intake, tagged } from "../../../lib/clients";
import { EVERY } from "../../../lib/refresh";
import { given } from "./given";
import type { ModelChange } from "./modelChange";
import { type Model, type ModelValues, modelForm } from "./modelForm";

export const KEEP_MODELS = ["manager"];
/** So many models are shown of those that begin so. */
const SHOWN = 50;

/** A model as it was read, and the ETag by which a command says so. */
export interface ModelRead {
  model: Model;
  etag: string | null;
}

/** Models whose name begins so. */
export function useModels(begins: string) {
  return useQuery({
    queryKey: ["models", begins],
    queryFn: () => body(intake.GET("/v1/models", { params: { query: { ...given({ begins }), limit: SHOWN } } })),
    select: (page) => page.items,
    placeholderData: (before) => before,
  });
}

export function useModel(id: string) {
  return useQuery({
    queryKey: ["models", "one", id],
    queryFn: async (): Promise<ModelRead> => {
      const [model, etag] = await tagged(intake.GET("/v1/models/{model_id}", { params: { path: { model_id: id } } }));
      return { model, etag };
    },
    refetchInterval: EVERY,
  });
}

export function define(values: ModelValues, key: string): Promise<{ id: string }> {
  const said = { ...modelForm(values), name: values.name.trim() };
  return body(intake.POST("/v1/models", { headers: command(key), body: said }));
}

/** It is refused where somebody else changed the model since the change began. */
export function amend(id: string, change: ModelChange, key: string): Promise<{ id: string }> {
  const sent = { params: { path: { model_id: id } }, headers: command(key, change.from.etag) };
  return body(intake.POST("/v1/models/{model_id}", { ...sent, body: modelForm(change) }));
}
