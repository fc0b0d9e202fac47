import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { useRequired } from "./useRequired";

/** Who calls, and how to reach them. */
export function Caller() {
  const { t } = useTranslation();
  const required = useRequired();
  return (
    <section className="panel" aria-labelledby="caller">
      <h2 id="caller">{t("register.caller")}</h2>
      <Phones />
      <Form.Item name={["customer", "name"]} label={t("register.name")} rules={[required(t("register.name"))]}>
        <Input maxLength={limitOf("Contact", "name").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={["customer", "address"]} label={t("register.address")} rules={[required(t("register.address"))]}>
        <Input.TextArea maxLength={limitOf("Contact", "address").max} autoSize={{ minRows: 2 }} />
      </Form.Item>
    </section>
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
