import type { components } from "../api/intake.gen";
import { body, intake } from "../lib/clients";
import type { DepartmentList } from "./departmentList";

export type Hotline = components["schemas"]["HotlineItem"];
type NewHotline = components["schemas"]["NewHotline"];
type HotlineChange = components["schemas"]["HotlineChange"];

const at = (hotline_id: string) => ({ path: { hotline_id } });

export const hotlines: DepartmentList<Hotline, NewHotline, HotlineChange> = {
  key: "hotlines",
  all: () => body(intake.GET("/v1/hotlines")),
  changes: () => body(intake.GET("/v1/hotline-changes")),
  keep: (id, sent) =>
    id === null
      ? body(intake.POST("/v1/hotlines", sent))
      : body(intake.POST("/v1/hotlines/{hotline_id}", { ...sent, params: at(id) })),
  remove: (id, headers) => body(intake.POST("/v1/hotlines/{hotline_id}/removal", { params: at(id), headers })),
};
