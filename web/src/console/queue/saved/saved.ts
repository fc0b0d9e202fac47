import type { components } from "../../../api/intake.gen";
import { body, intake } from "../../../lib/clients";
import type { KeptList } from "../../keptList";

export type SavedFilters = components["schemas"]["SavedFilters"];
export type OwnFilter = components["schemas"]["OwnFilter"];
export type SharedFilter = components["schemas"]["SharedFilter"];
type NewFilter = components["schemas"]["NewFilter"];
export type Role = NonNullable<NewFilter["shared_with"]>;

const at = (filter_id: string) => ({ path: { filter_id } });

export const savedFilters: KeptList<SavedFilters, NewFilter> = {
  key: "saved filters",
  all: () => body(intake.GET("/v1/saved-filters")),
  keep: (id, sent) =>
    id === null
      ? body(intake.POST("/v1/saved-filters", sent))
      : body(intake.POST("/v1/saved-filters/{filter_id}", { ...sent, params: at(id) })),
  remove: (id, headers) => body(intake.POST("/v1/saved-filters/{filter_id}/removal", { params: at(id), headers })),
};

/** A filter of one's own that the queue begins with from now on, or no more. */
export function defaulting({ name, filter, shared_with, is_default }: OwnFilter): NewFilter {
  return { name: name ?? "", filter, shared_with, is_default: !is_default };
}
