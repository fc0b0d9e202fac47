import { useTranslation } from "react-i18next";
import { body, command, intake } from "../../lib/clients";
import { ReasonDialog } from "./ReasonDialog";

interface UnmergeDialogProps {
  ticketId: string;
  onClose: () => void;
}

/** Asks why a merged ticket goes on by itself, and lets it. */
export function UnmergeDialog({ ticketId, onClose }: UnmergeDialogProps) {
  const { t } = useTranslation();
  const params = { path: { ticket_id: ticketId } };
  function send(reason: string, key: string): Promise<unknown> {
    const headers = command(key);
    return body(intake.POST("/v1/tickets/{ticket_id}/duplicate/withdrawal", { params, headers, body: { reason } }));
  }
  return (
    <ReasonDialog
      title={t("merging.unmerge")}
      label={t("merging.why")}
      form="Unmerging"
      send={send}
      onClose={onClose}
    />
  );
}
