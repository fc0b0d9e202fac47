import { Form } from "antd";
import { type KeyboardEvent, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../../lib/act";
import { differences } from "../../lib/differences";
import { fieldErrors } from "../../lib/fields";
import { isComposing } from "../../lib/keys";
import { problemOf } from "../../lib/problem";
import { CommandDialog } from "../../ui/CommandDialog";
import { Conflict } from "../../ui/Conflict";
import { Failure } from "../../ui/Failure";
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

/** The form of one call: sent by its button or Ctrl+Enter; what the service says of a field stands at that field. */
export function AttemptDialog({ shown, now, zone, onClose }: AttemptDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const fields = useFields(zone);
  const run = useAct<Read, Values>({ shown, now, send: record, onDone: onClose });
  const errors = fieldErrors(problemOf(run.error));
  useEffect(() => {
    form.setFields(fieldErrors(problemOf(run.error)) as Parameters<typeof form.setFields>[0]);
  }, [form, run.error]);
  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
  }
  const conflict = run.conflict && (
    <Conflict
      title={t("callbacks.changed")}
      changed={differences(fields, run.seen.callback, now.callback)}
      elsewhere={t("ticket.changedElsewhere")}
    />
  );
  return (
    <CommandDialog
      title={t("callbacks.record")}
      isPending={run.isPending}
      conflict={conflict}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form<Values>
        form={form}
        name="attempt"
        className="form"
        layout="vertical"
        onFinish={(values) => run.confirm(values)}
        onKeyDown={press}
      >
        <AttemptFields />
      </Form>
      {run.error && errors.length === 0 && <Failure error={run.error} />}
    </CommandDialog>
  );
}
