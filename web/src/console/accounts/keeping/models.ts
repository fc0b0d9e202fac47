import { useQuery } from "@tanstack/react-query";
import type { components } from "../../../api/intake.gen";
import { body, command, intake, tagged } from "../../../lib/clients";
import { EVERY } from "../../../lib/refresh";
import { type TermValues, termOf, termValues } from "./contractForm";
import { given } from "./given";

type Schemas = components["schemas"];
export type Model = Schemas["ModelDetails"];

export const KEEP_MODELS = ["manager"];
/** So many models are shown of those that begin so. */
const SHOWN = 50;

/** A model as it was read, and the ETag by which a command says so. */
export interface ModelRead {
  model: Model;
  etag: string | null;
}

interface ComponentValues {
  id: string;
  component_class: string;
  parent: string;
}

/** The form of a model; its shape is the command's. */
export interface ModelValues {
  name: string;
  maker: string;
  terms: TermValues[];
  components: ComponentValues[];
}

export const COMPONENT: ComponentValues = { id: "", component_class: "", parent: "" };
export const BLANK: ModelValues = { name: "", maker: "", terms: [], components: [] };

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

/** What is on file, as it is filled in. */
export function modelValues({ name, maker, terms, components }: Model): ModelValues {
  const parts = components.map(({ id, component_class, parent }) => ({ id, component_class, parent: parent ?? "" }));
  return { name, maker: maker ?? "", terms: terms.map(termValues), components: parts };
}

export function define(values: ModelValues, key: string): Promise<{ id: string }> {
  const said = { ...about(values), name: values.name.trim() };
  return body(intake.POST("/v1/models", { headers: command(key), body: said }));
}

export function amend({ model, etag }: ModelRead, values: ModelValues, key: string): Promise<{ id: string }> {
  const sent = { params: { path: { model_id: model.id } }, headers: command(key, etag) };
  return body(intake.POST("/v1/models/{model_id}", { ...sent, body: about(values) }));
}

function about({ maker, terms, components }: ModelValues): Schemas["ModelForm"] {
  return {
    ...given({ maker }),
    terms: terms.map(termOf),
    components: components.map(({ id, component_class, parent }) => ({
      id: id.trim(),
      component_class: component_class.trim(),
      ...given({ parent }),
    })),
  };
}
