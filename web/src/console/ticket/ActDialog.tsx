import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../../lib/act";
import { limitOf } from "../../lib/fields";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";
import type { Act } from "./acts";
import { Conflict } from "./Conflict";
import { carryOut, UnknownNumber, type Wish } from "./order";
import type { Read } from "./ticket";

interface ActDialogProps {
  act: Act;
  /** The ticket as it was when the dialog opened: the command says that it is about this one. */
  shown: Read;
  /** The ticket as it is known by now. */
  now: Read;
  /** The number of the ticket that goes on, where it was chosen already. */
  number?: string;
  onClose: () => void;
}

/** Asks for what an act needs, and does it; what somebody else changed meanwhile is shown before it is done all the same. */
export function ActDialog({ act, shown, now, number = "", onClose }: ActDialogProps) {
  const { t } = useTranslation();
  const [wish, setWish] = useState<Wish>({ number, reason: "" });
  const run = useAct({
    shown,
    now,
    send: (read, wanted: Wish, key) => carryOut(act, read, wanted, key),
    onDone: onClose,
  });
  return (
    <CommandDialog
      title={t(`ticket.${act}`)}
      isPending={run.isPending}
      disabled={act === "duplicate" && !wish.number.trim()}
      conflict={run.conflict && <Conflict before={run.seen.ticket} after={now.ticket} />}
      onConfirm={() => run.confirm(wish)}
      onClose={onClose}
    >
      <Question act={act} wish={wish} onChange={setWish} />
      {run.error && <Refusal error={run.error} />}
    </CommandDialog>
  );
}

interface QuestionProps {
  act: Act;
  wish: Wish;
  onChange: (wish: Wish) => void;
}

function Question({ act, wish, onChange }: QuestionProps) {
  const { t } = useTranslation();
  if (act === "close") return <p>{t("ticket.closeSure")}</p>;
  const reason = <Reason act={act} wish={wish} onChange={onChange} />;
  if (act !== "duplicate") return reason;
  return (
    <>
      <OfNumber wish={wish} onChange={onChange} />
      {reason}
    </>
  );
}

function OfNumber({ wish, onChange }: Omit<QuestionProps, "act">) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t("ticket.duplicateOfNumber")}</label>
      <Input
        id={id}
        autoFocus
        value={wish.number}
        maxLength={40}
        onChange={({ target }) => onChange({ ...wish, number: target.value })}
      />
    </>
  );
}

function Reason({ act, wish, onChange }: QuestionProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t(act === "cancel" ? "ticket.cancelReason" : "workOrder.reason")}</label>
      <Input.TextArea
        id={id}
        autoFocus={act === "cancel"}
        value={wish.reason}
        maxLength={limitOf("Cancellation", "reason").max}
        onChange={({ target }) => onChange({ ...wish, reason: target.value })}
      />
    </>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  if (error instanceof UnknownNumber) return <p role="alert">{t("ticket.duplicateUnknown")}</p>;
  return <Failure error={error} />;
}
