import { useTranslation } from "react-i18next";
import type { Field } from "../../lib/differences";
import { useLabel } from "../labels";
import type { CaseDetails } from "./case";

/** What was found out about a case, field by field. */
export function useFields(): Field<CaseDetails>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const paid = (payable: boolean) => t(payable ? "triage.payable" : "triage.free");
  return [
    [t("triage.status"), ({ status }) => label("case_status", status)],
    [t("triage.level"), ({ level }) => (level ? `P${level} ${t(`triage.level${level as 1 | 2 | 3 | 4}`)}` : null)],
    [t("triage.maintenanceType"), ({ maintenance_type: type }) => type && label("maintenance_type", type)],
    [t("triage.remote"), ({ remote_support: remote }) => remote && label("remote_support", remote)],
    [t("triage.note"), ({ remote_note: note }) => note],
    [t("triage.cause"), ({ cause }) => cause && label("cause", cause)],
    [t("triage.explanation"), ({ explanation }) => explanation],
    [t("triage.jobType"), ({ job_type: type }) => type && label("job_type", type)],
    [t("triage.payment"), ({ payable }) => (payable === null ? null : paid(payable))],
    [t("triage.skills"), ({ skills }) => skills.join(" · ")],
  ];
}
