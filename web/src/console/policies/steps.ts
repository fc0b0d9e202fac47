import { body, command, sla } from "../../lib/clients";
import type { Policy, Read } from "./policies";

/** Steps of a policy's life after its draft, as their routes are named. */
export type Step = "approval" | "publication" | "retirement";

export function take({ policy, etag }: Read, step: Step, key: string): Promise<unknown> {
  const sent = { params: { path: { policy_id: policy.id } }, headers: command(key, etag), body: {} };
  switch (step) {
    case "approval":
      return body(sla.POST("/v1/policies/{policy_id}/approval", sent));
    case "publication":
      return body(sla.POST("/v1/policies/{policy_id}/publication", sent));
    case "retirement":
      return body(sla.POST("/v1/policies/{policy_id}/retirement", sent));
  }
}

/** A draft of the next version, or of a policy that nobody has written yet. */
export function draft(read: Read | null, document: Policy, key: string): Promise<unknown> {
  if (!read) return body(sla.POST("/v1/policies", { headers: command(key), body: { document } }));
  const params = { path: { policy_id: read.policy.id } };
  return body(
    sla.POST("/v1/policies/{policy_id}/draft", { params, headers: command(key, read.etag), body: { document } }),
  );
}
