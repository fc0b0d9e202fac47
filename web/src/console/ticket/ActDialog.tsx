import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../../lib/act";
import { limitOf } from "../../lib/fields";
import { CommandDialog } from "../../ui/CommandDialog";
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
  const [words, setWords] = useState("");
  const run = useAct({
    shown,
    now,
    send: (read, wish: string, key) => carryOut(act, read, wish, key),
    onDone: onClose,
  });
  return (
    <CommandDialog
      title={t(`ticket.${act}`)}
      isPending={run.isPending}
      disabled={act === "duplicate" && !words.trim()}
      conflict={run.conflict && <Conflict before={run.seen.ticket} after={now.ticket} />}
      onConfirm={() => run.confirm(words)}
      onClose={onClose}
    >
      <Question act={act} words={words} onChange={setWords} />
      {run.error && <Refusal error={run.error} />}
    </CommandDialog>
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
