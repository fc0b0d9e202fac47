import { useTranslation } from "react-i18next";
import { problemOf } from "./problem";

/** What stands in the way, in the service's own sentence where it has one. */
export function useSentence(error: unknown): string {
  const { t } = useTranslation();
  const problem = problemOf(error);
  if (problem?.code === "unreachable") return t("state.unreachable");
  return problem?.detail || problem?.title || t("state.defect");
}
