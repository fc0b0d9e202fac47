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
import type { Act } from "./acts";
import type { Read, TicketDetails } from "./case";
import { useFields } from "./fields";
import { FORMS } from "./forms";
import { carryOut, type Values } from "./order";

interface ActDialogProps {
  act: Act;
  shown: Read;
  now: Read;
  ticket: TicketDetails | undefined;
  onClose: () => void;
}

/** The form of one act: sent by its button or Ctrl+Enter; what the service says of a field stands at that field. */
export function ActDialog({ act, shown, now, ticket, onClose }: ActDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const fields = useFields();
  const run = useAct<Read, Values>({
    shown,
    now,
    send: (read, values, key) => carryOut(act, read, values, key),
    onDone: onClose,
  });
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
      title={t("triage.changed")}
      changed={differences(fields, run.seen.found, now.found)}
      elsewhere={t("ticket.changedElsewhere")}
    />
  );
  const Fields = FORMS[act];
  return (
    <CommandDialog
      title={t(`triage.${act}`)}
      isPending={run.isPending}
      conflict={conflict}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form<Values>
        form={form}
        name="act"
        className="form"
        layout="vertical"
        initialValues={before(shown, ticket)}
        onFinish={(values) => run.confirm(values)}
        onKeyDown={press}
      >
        <Fields />
      </Form>
      {run.error && errors.length === 0 && <Failure error={run.error} />}
    </CommandDialog>
  );
}

/** What the form begins with: what was found before, and the ticket's own kind of work. */
function before({ found }: Read, ticket: TicketDetails | undefined): Partial<Values> {
  const { level, maintenance_type, cause, explanation } = found;
  return {
    ...(level && { level }),
    ...(maintenance_type && { maintenance_type }),
    ...(cause && { cause }),
    ...(explanation && { explanation }),
    ...(ticket && { job_type: ticket.kind }),
    skills: [],
  };
}
