import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { digitsOf } from "../../lib/phone";
import { FoundCustomers } from "./FoundCustomers";
import { BLANK, type CustomerOnFile, onFile, type Values } from "./form";
import { KnownCaller } from "./KnownCaller";
import { useRequired } from "./useRequired";

interface CallerProps {
  /** The form was filled in by what is on file. */
  onFilled: () => void;
}

/** Who calls, and how to reach them: found by their number, or written down. */
export function Caller({ onFilled }: CallerProps) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const id = Form.useWatch("customer_id", { form, preserve: true });
  const contact = Form.useWatch("customer", { form, preserve: true }) ?? BLANK.customer;
  function take(customer: CustomerOnFile): void {
    form.setFieldsValue(onFile(customer));
    form.focusField("summary");
    onFilled();
  }
  function release(): void {
    form.setFieldsValue({
      customer_id: "",
      asset_id: "",
      site_id: "",
      follows: "",
      customer: { ...BLANK.customer, phones: contact.phones.slice(0, 1) },
    });
    onFilled();
  }
  return (
    <section className="panel" aria-labelledby="caller">
      <h2 id="caller">{t("register.caller")}</h2>
      {id ? <KnownCaller key={id} id={id} contact={contact} onRelease={release} /> : <NewCaller onTake={take} />}
    </section>
  );
}

function NewCaller({ onTake }: { onTake: (customer: CustomerOnFile) => void }) {
  const { t } = useTranslation();
  const required = useRequired();
  const typed: string | undefined = Form.useWatch(["customer", "phones", 0]);
  return (
    <>
      <Phones />
      <FoundCustomers digits={digitsOf(typed ?? "")} onTake={onTake} />
      <Form.Item name={["customer", "name"]} label={t("register.name")} rules={[required(t("register.name"))]}>
        <Input maxLength={limitOf("Contact", "name").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={["customer", "address"]} label={t("register.address")} rules={[required(t("register.address"))]}>
        <Input.TextArea maxLength={limitOf("Contact", "address").max} autoSize={{ minRows: 2 }} />
      </Form.Item>
    </>
  );
}

function Phones() {
  const { t } = useTranslation();
  const required = useRequired();
  const label = t("register.phone");
  return (
    <Form.List name={["customer", "phones"]}>
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }, index) => (
            <div className="phone" key={key}>
              <Form.Item name={name} label={index ? `${label} ${index + 1}` : label} rules={[required(label)]}>
                <Input
                  type="tel"
                  autoComplete="off"
                  autoFocus={index === 0}
                  maxLength={limitOf("Contact", "phones").max}
                />
              </Form.Item>
              {index > 0 && (
                <Button aria-label={t("register.removePhone", { n: index + 1 })} onClick={() => remove(name)}>
                  ✕
                </Button>
              )}
            </div>
          ))}
          <Form.Item>
            <Button type="dashed" onClick={() => add("")} disabled={fields.length >= 10}>
              {t("register.addPhone")}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}
