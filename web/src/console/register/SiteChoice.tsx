import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useAccount } from "../account";
import type { Values } from "./form";

/** At which of the customer's places it is: its region and time zone are the ticket's, where none are written. */
export function SiteChoice() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const customerId = Form.useWatch("customer_id", { form, preserve: true }) ?? "";
  const { data } = useAccount(customerId);
  if (!data?.account.sites.length) return null;
  const options = data.account.sites.map(({ id, name, region, address }) => ({
    value: id,
    label: [name, region, address].filter(Boolean).join(" · "),
  }));
  return (
    <Form.Item name="site_id" label={t("accounts.sites")}>
      <Select showSearch optionFilterProp="label" options={[{ value: "", label: "–" }, ...options]} />
    </Form.Item>
  );
}
