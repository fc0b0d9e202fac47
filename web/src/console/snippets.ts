import type { components } from "../api/intake.gen";
import { body, intake } from "../lib/clients";
import type { DepartmentList } from "./departmentList";

export type Snippet = components["schemas"]["SnippetItem"];
type NewSnippet = components["schemas"]["NewSnippet"];
export type Use = NonNullable<Snippet["use"]>;
type SnippetChange = components["schemas"]["SnippetChange"];

const at = (snippet_id: string) => ({ path: { snippet_id } });

export const snippets: DepartmentList<Snippet, NewSnippet, SnippetChange> = {
  key: "snippets",
  all: () => body(intake.GET("/v1/snippets")),
  changes: () => body(intake.GET("/v1/snippet-changes")),
  keep: (id, sent) =>
    id === null
      ? body(intake.POST("/v1/snippets", sent))
      : body(intake.POST("/v1/snippets/{snippet_id}", { ...sent, params: at(id) })),
  remove: (id, headers) => body(intake.POST("/v1/snippets/{snippet_id}/removal", { params: at(id), headers })),
};
