import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { useAct } from "../../lib/act";
import { differences } from "../../lib/differences";
import { CommandDialog } from "../../ui/CommandDialog";
import { Conflict } from "../../ui/Conflict";
import { Failure } from "../../ui/Failure";
import type { Read } from "./engineers";
import { useFields } from "./fields";
import { bind, unbind } from "./orders";

interface LoginDialogProps {
  act: "bind" | "unbind";
  shown: Read;
  now: Read;
  onClose: () => void;
}

/** Whose login is the engineer's: with it they see their visits, on the phone, too. */
export function LoginDialog({ act, shown, now, onClose }: LoginDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const fields = useFields();
  const [subject, setSubject] = useState("");
  const run = useAct<Read, string>({
    shown,
    now,
    send: (read, wanted, key) => (act === "bind" ? bind(read, wanted, key) : unbind(read, key)),
    onDone: onClose,
  });
  const conflict = run.conflict && (
    <Conflict
      title={t("engineers.changed")}
      changed={differences(fields, run.seen.engineer, now.engineer)}
      elsewhere={t("engineers.changedElsewhere")}
    />
  );
  return (
    <CommandDialog
      title={t(`engineers.${act}`)}
      isPending={run.isPending}
      disabled={act === "bind" && !subject.trim()}
      conflict={conflict}
      onConfirm={() => run.confirm(subject)}
      onClose={onClose}
    >
      {act === "unbind" && <p>{t("engineers.unbindSure")}</p>}
      {act === "bind" && (
        <>
          <label htmlFor={id}>{t("engineers.subject")}</label>
          <Input
            id={id}
            autoFocus
            value={subject}
            maxLength={limits.dispatch.Binding.subject.max}
            onChange={(event) => setSubject(event.target.value)}
            onPressEnter={() => subject.trim() && run.confirm(subject)}
          />
        </>
      )}
      {run.error && <Failure error={run.error} />}
    </CommandDialog>
  );
}
