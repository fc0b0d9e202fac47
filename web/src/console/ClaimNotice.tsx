import { useTranslation } from "react-i18next";
import { Notice } from "../ui/Notice";
import type { Outcome } from "./useOwnerActs";

interface ClaimNoticeProps {
  of: Outcome;
  /** Whose the ticket is by now, once the list was read again. */
  owner: string | null | undefined;
}

/** How a claim ended. */
export function ClaimNotice({ of: { number, taken }, owner }: ClaimNoticeProps) {
  const { t } = useTranslation();
  if (taken) return <Notice kind="warning" title={t("owner.taken", { number, name: owner ?? t("owner.unknown") })} />;
  return <Notice kind="info" title={t("owner.claimed", { number })} />;
}
