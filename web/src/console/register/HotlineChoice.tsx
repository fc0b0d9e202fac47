import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useItems } from "../departmentList";
import { type Hotline, hotlines } from "../hotlines";
import type { Values } from "./form";

const KNOWN = "hotlines-known";

/** Which number was called, chosen from those that there are: its region becomes the ticket's. */
export function HotlineChoice({ onFilled }: { onFilled: () => void }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const channel = Form.useWatch("channel", form);
  const { data } = useItems(hotlines);
  const said = ({ number, region, hours, answered_by }: Hotline) =>
    [number, region ?? t("hotlines.everywhere"), hours, answered_by].join(" · ");
  function write(text: string): void {
    const region = data?.find((each) => said(each) === text)?.region;
    if (!region) return;
    form.setFieldValue("region", region);
    onFilled();
  }
  if (channel !== "phone") return null;
  return (
    <>
      <Form.Item<Values> name="called" label={t("hotlines.called")}>
        <Input list={KNOWN} maxLength={300} onChange={({ target }) => write(target.value)} />
      </Form.Item>
      <datalist id={KNOWN}>
        {data?.map((each) => (
          <option key={each.id} value={said(each)} />
        ))}
      </datalist>
    </>
  );
}
