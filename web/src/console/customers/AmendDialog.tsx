import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { fieldsOf } from "../../lib/differences";
import { ActDialog } from "../ActDialog";
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
  const fields = fieldsOf(({ customer }: Read) => customer, useFields());
  const name = t("ticket.name");
  return (
    <ActDialog<Read, Values>
      title={t("customers.amend")}
      changedTitle={t("customers.changed")}
      {...{ shown, now, fields, onClose }}
      blank={valuesOf(shown.customer)}
      send={amend}
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
    </ActDialog>
  );
}
