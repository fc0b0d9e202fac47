import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { useWhileShown } from "../../lib/useWhileShown";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";
import { carryOut, type Order } from "./services";

/** Asks an operator why, and does it; a message that fails again says how. */
export function OrderDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const done = useWhileShown(onClose);
  const [reason, setReason] = useState("");
  const run = useMutation({
    mutationFn: () => carryOut(order, reason, keyOf({ order, reason })),
    onSuccess: done,
    onSettled: () => queries.invalidateQueries({ queryKey: ["operations", order.service] }),
  });
  return (
    <CommandDialog
      title={t(`operations.${order.act}`)}
      isPending={run.isPending}
      disabled={!reason.trim()}
      conflict={null}
      onConfirm={() => run.mutate()}
      onClose={onClose}
    >
      <p>{t(`operations.${order.act}Hint`)}</p>
      <label htmlFor={id}>{t("operations.reason")}</label>
      <Input.TextArea
        id={id}
        autoFocus
        value={reason}
        maxLength={limitOf("Reasoned", "reason").max}
        onChange={(event) => setReason(event.target.value)}
      />
      {run.error && <Failure error={run.error} />}
    </CommandDialog>
  );
}
