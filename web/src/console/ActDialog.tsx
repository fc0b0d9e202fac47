import { Form } from "antd";
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../lib/act";
import { differences, type Field } from "../lib/differences";
import { isComposing } from "../lib/keys";
import { CommandDialog } from "../ui/CommandDialog";
import { Conflict } from "../ui/Conflict";
import { Failure } from "../ui/Failure";
import { putAtFields } from "./atFields";

interface ActDialogProps<Read, Values> {
  title: string;
  /** What is said where somebody else changed it meanwhile. */
  changedTitle: string;
  /** And where what changed is none of the fields. */
  elsewhere?: string;
  shown: Read;
  now: Read;
  /** What of it may be another's by now. */
  fields: readonly Field<Read>[];
  blank: Partial<Values>;
  send: (read: Read, values: Values, key: string) => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

/** A command about what somebody read, sent by its button or Ctrl+Enter: the form's fields are the command's, and so are their errors. */
export function ActDialog<Read extends { etag: string | null }, Values extends object>(
  props: ActDialogProps<Read, Values>,
) {
  const { title, changedTitle, elsewhere, shown, now, fields, blank, send, onClose, children } = props;
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const [isPlaced, setPlaced] = useState(false);
  const run = useAct<Read, Values>({ shown, now, send, onDone: onClose });
  useEffect(() => {
    if (run.error) setPlaced(putAtFields(form, run.error));
  }, [form, run.error]);
  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
  }
  const conflict = run.conflict && (
    <Conflict
      title={changedTitle}
      changed={differences(fields, run.seen, now)}
      elsewhere={elsewhere ?? t("ticket.changedElsewhere")}
    />
  );
  return (
    <CommandDialog
      title={title}
      isPending={run.isPending}
      conflict={conflict}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form<Values>
        form={form}
        name="act"
        className="form filing"
        layout="vertical"
        initialValues={blank as Values}
        onFinish={() => run.confirm(form.getFieldsValue(true))}
        onKeyDown={press}
      >
        {children}
      </Form>
      {run.error && !isPlaced && <Failure error={run.error} />}
    </CommandDialog>
  );
}
