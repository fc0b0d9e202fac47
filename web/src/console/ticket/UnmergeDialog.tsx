import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { body, command, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";

interface UnmergeDialogProps {
  ticketId: string;
  onClose: () => void;
}

/** Asks why a merged ticket goes on by itself, and lets it. */
export function UnmergeDialog({ ticketId, onClose }: UnmergeDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState("");
  const unmerge = useUnmerge(ticketId, onClose);
  return (
    <CommandDialog
      title={t("merging.unmerge")}
      isPending={unmerge.isPending}
      disabled={!reason.trim()}
      conflict={null}
      onConfirm={() => unmerge.mutate(reason)}
      onClose={onClose}
    >
      <label htmlFor={id}>{t("merging.why")}</label>
      <Input.TextArea
        id={id}
        autoFocus
        value={reason}
        maxLength={limitOf("Unmerging", "reason").max}
        onChange={({ target }) => setReason(target.value)}
      />
      {unmerge.error && <Failure error={unmerge.error} />}
    </CommandDialog>
  );
}

/** Whatever else became of the ticket meanwhile: the service says whether its merge still stands. */
function useUnmerge(ticketId: string, onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const params = { path: { ticket_id: ticketId } };
  return useMutation({
    mutationFn: (reason: string) => {
      const headers = command(keyOf(reason));
      return body(intake.POST("/v1/tickets/{ticket_id}/duplicate/withdrawal", { params, headers, body: { reason } }));
    },
    onSuccess: onDone,
    onSettled: () => void queries.invalidateQueries(),
  });
}
