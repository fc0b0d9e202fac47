import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import type { Filters } from "./filters";

/** What a list is narrowed by, in words. */
export function useFilterWords({ status, metric, level, breached, reason }: Filters): string[] {
  const { t } = useTranslation();
  const label = useLabel();
  return [
    ...(breached ? [t(breached === "true" ? "wallboard.late" : "wallboard.onTime")] : []),
    ...(status ?? []).map((code) => label("clock_status", code)),
    ...(metric ?? []).map((code) => label("metric", code)),
    ...(level ?? []).map((code) => `P${code}`),
    ...(reason ? [label("pause_reason", reason)] : []),
  ];
}
