import type { CaseDetails } from "./case";

/** What a triage engineer may do with a case. */
export type Act = "classify" | "startRemote" | "endRemote" | "findCause" | "authorise";

export const MAY_ACT = ["triage", "manager"];

type Found = Pick<CaseDetails, "status" | "level">;

const NEXT: Record<CaseDetails["status"], readonly Act[]> = {
  open: ["classify", "startRemote", "findCause"],
  classified: ["authorise", "startRemote", "findCause", "classify"],
  remote_support: ["endRemote", "classify", "findCause", "authorise"],
  resolved_remotely: ["findCause", "classify"],
  authorised: ["findCause", "classify"],
  ended: [],
};

/** The acts that the case allows, the next one first; the service decides again. */
export function actsOn({ status, level }: Found): Act[] {
  return NEXT[status].filter((act) => act !== "authorise" || level !== null);
}
