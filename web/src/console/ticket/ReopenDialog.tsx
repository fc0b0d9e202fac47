import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { body, command, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { isProblem } from "../../lib/problem";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";

interface ReopenDialogProps {
  ticketId: string;
  onClose: () => void;
}

/** Asks why a closed ticket goes on, and lets it; where it is too late for that, a new one is offered. */
export function ReopenDialog({ ticketId, onClose }: ReopenDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState("");
  const reopen = useReopen(ticketId, onClose);
  return (
    <CommandDialog
      title={t("life.reopen")}
      isPending={reopen.isPending}
      disabled={!reason.trim()}
      conflict={null}
      onConfirm={() => reopen.mutate(reason)}
      onClose={onClose}
    >
      <label htmlFor={id}>{t("life.why")}</label>
      <Input.TextArea
        id={id}
        autoFocus
        value={reason}
        maxLength={limitOf("Reopening", "reason").max}
        onChange={({ target }) => setReason(target.value)}
      />
      {reopen.error && <Failure error={reopen.error} />}
      {isProblem(reopen.error, "reopening-over") && (
        <Link to="/register" search={{ follows: ticketId }}>
          {t("life.follow")}
        </Link>
      )}
    </CommandDialog>
  );
}

/** Whatever else became of the ticket meanwhile: the service says whether it is still to be opened again. */
function useReopen(ticketId: string, onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const params = { path: { ticket_id: ticketId } };
  return useMutation({
    mutationFn: (reason: string) => {
      const headers = command(keyOf(reason));
      return body(intake.POST("/v1/tickets/{ticket_id}/reopening", { params, headers, body: { reason } }));
    },
    onSuccess: onDone,
    onSettled: () => void queries.invalidateQueries(),
  });
}
