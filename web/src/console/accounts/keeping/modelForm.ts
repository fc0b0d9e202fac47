import type { components } from "../../../api/intake.gen";
import { type TermValues, termOf, termValues } from "./contractForm";
import { given } from "./given";

type Schemas = components["schemas"];
export type Model = Schemas["ModelDetails"];

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

/** What is on file, as it is filled in. */
export function modelValues({ name, maker, terms, components }: Model): ModelValues {
  const parts = components.map(({ id, component_class, parent }) => ({ id, component_class, parent: parent ?? "" }));
  return { name, maker: maker ?? "", terms: terms.map(termValues), components: parts };
}

/** All that a model says, as the service is told it. */
export function modelForm({ maker, terms, components }: ModelValues): Schemas["ModelForm"] {
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
