import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./Dialog";

interface CommandDialogProps {
  title: string;
  isPending: boolean;
  disabled?: boolean;
  /** What others changed meanwhile: then the command is sent once that was seen. */
  conflict: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks for what a command needs, and sends it or not. */
export function CommandDialog({
  title,
  isPending,
  disabled = false,
  conflict,
  onConfirm,
  onClose,
  children,
}: CommandDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {conflict}
      <div className="acts">
        <Button type="primary" loading={isPending} disabled={disabled} onClick={onConfirm}>
          {conflict ? t("act.seen") : t("act.confirm")}
        </Button>
        <Button onClick={onClose}>{t("act.abandon")}</Button>
      </div>
    </Dialog>
  );
}
