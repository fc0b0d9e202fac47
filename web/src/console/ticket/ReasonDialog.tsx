import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { type ReactNode, useId, useState } from "react";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { useWhileShown } from "../../lib/useWhileShown";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";

interface ReasonDialogProps {
  title: string;
  label: string;
  /** The command's form, whose field `reason` bounds it. */
  form: "Reopening" | "Unmerging";
  send: (reason: string, key: string) => Promise<unknown>;
  onClose: () => void;
  /** What leads on from a refusal. */
  onward?: (error: Error) => ReactNode;
}

/** Asks why, and sends it. Whatever else became of the ticket meanwhile: the service says whether it may still be. */
export function ReasonDialog({ title, label, form, send, onClose, onward }: ReasonDialogProps) {
  const id = useId();
  const [reason, setReason] = useState("");
  const sending = useSending(send, onClose);
  return (
    <CommandDialog
      title={title}
      isPending={sending.isPending}
      disabled={!reason.trim()}
      conflict={null}
      onConfirm={() => sending.mutate(reason)}
      onClose={onClose}
    >
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        autoFocus
        value={reason}
        maxLength={limitOf(form, "reason").max}
        onChange={({ target }) => setReason(target.value)}
      />
      {sending.error && <Failure error={sending.error} />}
      {sending.error && onward?.(sending.error)}
    </CommandDialog>
  );
}

function useSending(send: ReasonDialogProps["send"], onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const done = useWhileShown(onDone);
  return useMutation({
    mutationFn: (reason: string) => send(reason, keyOf(reason)),
    onSuccess: done,
    onSettled: () => void queries.invalidateQueries(),
  });
}
