import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { isProblem } from "../../lib/problem";
import { Dialog } from "../../ui/Dialog";
import { Failure } from "../../ui/Failure";
import type { Act } from "./acts";
import { Conflict } from "./Conflict";
import { carryOut, UnknownNumber } from "./order";
import type { Read } from "./ticket";

interface ActDialogProps {
  act: Act;
  /** The ticket as it was when the dialog opened: the command says that it is about this one. */
  shown: Read;
  /** The ticket as it is known by now. */
  now: Read;
  onClose: () => void;
}

/** Asks for what an act needs, and does it; what somebody else changed meanwhile is shown before it is done all the same. */
export function ActDialog({ act, shown, now, onClose }: ActDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const [words, setWords] = useState("");
  const [seen, setSeen] = useState(shown);
  const run = useMutation({
    mutationFn: (read: Read) => carryOut(act, read, words, keyOf),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries(),
  });
  const conflict = isProblem(run.error, "stale-version");
  function confirm(): void {
    const read = conflict ? now : seen;
    setSeen(read);
    run.mutate(read);
  }
  return (
    <Dialog title={t(`ticket.${act}`)} onClose={onClose}>
      <Question act={act} words={words} onChange={setWords} />
      {conflict && <Conflict before={seen.ticket} after={now.ticket} />}
      {run.error && !conflict && <Refusal error={run.error} />}
      <div className="acts">
        <Button
          type="primary"
          loading={run.isPending}
          disabled={act === "duplicate" && !words.trim()}
          onClick={confirm}
        >
          {conflict ? t("ticket.seen") : t("ticket.confirm")}
        </Button>
        <Button onClick={onClose}>{t("ticket.abandon")}</Button>
      </div>
    </Dialog>
  );
}

function Question({ act, words, onChange }: { act: Act; words: string; onChange: (words: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  if (act === "close") return <p>{t("ticket.closeSure")}</p>;
  const Field = act === "cancel" ? Input.TextArea : Input;
  return (
    <>
      <label htmlFor={id}>{t(act === "cancel" ? "ticket.cancelReason" : "ticket.duplicateOfNumber")}</label>
      <Field
        id={id}
        autoFocus
        value={words}
        maxLength={act === "cancel" ? limitOf("Cancellation", "reason").max : 40}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  if (error instanceof UnknownNumber) return <p role="alert">{t("ticket.duplicateUnknown")}</p>;
  return <Failure error={error} />;
}
