import { useTranslation } from "react-i18next";
import { fieldsOf } from "../../lib/differences";
import { ActDialog } from "../ActDialog";
import { AttemptFields } from "./AttemptFields";
import { type Read, record } from "./callback";
import { useFields } from "./fields";
import type { Values } from "./outcome";

interface AttemptDialogProps {
  shown: Read;
  now: Read;
  zone: string | null;
  onClose: () => void;
}

/** The form of one call. */
export function AttemptDialog({ shown, now, zone, onClose }: AttemptDialogProps) {
  const { t } = useTranslation();
  const fields = fieldsOf(({ callback }: Read) => callback, useFields(zone));
  return (
    <ActDialog<Read, Values>
      title={t("callbacks.record")}
      changedTitle={t("callbacks.changed")}
      {...{ shown, now, fields, onClose }}
      blank={{}}
      send={record}
    >
      <AttemptFields />
    </ActDialog>
  );
}
