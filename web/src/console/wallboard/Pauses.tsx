import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** Times in which the clock would be paused, as many as there are. */
export function Pauses() {
  const { t } = useTranslation();
  const missing = [{ required: true, message: t("calculation.startMissing") }];
  return (
    <Form.List name="pauses">
      {(fields, { add, remove }) => (
        <fieldset className="pauses">
          <legend>{t("calculation.pauses")}</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="pause">
              <Form.Item name={[name, "start"]} label={t("calculation.from", { n: name + 1 })} rules={missing}>
                <Input type="datetime-local" />
              </Form.Item>
              <Form.Item name={[name, "end"]} label={t("calculation.until", { n: name + 1 })} rules={missing}>
                <Input type="datetime-local" />
              </Form.Item>
              <Button onClick={() => remove(name)}>{t("calculation.remove", { n: name + 1 })}</Button>
            </div>
          ))}
          <Button onClick={() => add({ start: "", end: "" })}>{t("calculation.add")}</Button>
        </fieldset>
      )}
    </Form.List>
  );
}
