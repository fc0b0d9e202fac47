import { Form, Input } from "antd";
import { type KeyboardEvent, useEffect } from "react";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { useAct } from "../../lib/act";
import { differences } from "../../lib/differences";
import { fieldErrors } from "../../lib/fields";
import { isComposing } from "../../lib/keys";
import { problemOf } from "../../lib/problem";
import { CommandDialog } from "../../ui/CommandDialog";
import { Conflict } from "../../ui/Conflict";
import { Failure } from "../../ui/Failure";
import { type Values, valuesOf } from "./contact";
import { amend, type Read } from "./customers";
import { useFields } from "./fields";

const { CustomerAmendment } = limits.intake;

interface AmendDialogProps {
  shown: Read;
  now: Read;
  onClose: () => void;
}

/** Name, numbers and address as they are from now on; what they were before is not kept. */
export function AmendDialog({ shown, now, onClose }: AmendDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const fields = useFields();
  const run = useAct<Read, Values>({ shown, now, send: amend, onDone: onClose });
  const errors = fieldErrors(problemOf(run.error)).filter(({ name }) => name.length > 0 && name[0] !== "body");
  useEffect(() => {
    const told = fieldErrors(problemOf(run.error)).map(({ name, errors }) => ({ name: name.slice(0, 1), errors }));
    form.setFields(told as Parameters<typeof form.setFields>[0]); // a number's error stands at the numbers
  }, [form, run.error]);
  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
  }
  const conflict = run.conflict && (
    <Conflict
      title={t("customers.changed")}
      changed={differences(fields, run.seen.customer, now.customer)}
      elsewhere={t("ticket.changedElsewhere")}
    />
  );
  const name = t("ticket.name");
  return (
    <CommandDialog
      title={t("customers.amend")}
      isPending={run.isPending}
      conflict={conflict}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form<Values>
        form={form}
        name="customer"
        className="form"
        layout="vertical"
        initialValues={valuesOf(shown.customer)}
        onFinish={(values) => run.confirm(values)}
        onKeyDown={press}
      >
        <Form.Item<Values>
          name="name"
          label={name}
          rules={[{ required: true, whitespace: true, message: t("register.required", { field: name }) }]}
        >
          <Input maxLength={CustomerAmendment.name.max} />
        </Form.Item>
        <Form.Item<Values> name="phones" label={t("customers.phones")}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 10 }} />
        </Form.Item>
        <Form.Item<Values> name="address" label={t("ticket.address")}>
          <Input.TextArea maxLength={CustomerAmendment.address.max} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
      {run.error && errors.length === 0 && <Failure error={run.error} />}
    </CommandDialog>
  );
}
