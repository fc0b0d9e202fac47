import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";

/** Where an asset stands. */
export function SiteFields() {
  const { t } = useTranslation();
  return (
    <div className="fields">
      <Form.Item name={["site", "address"]} label={t("ticket.address")}>
        <Input maxLength={limitOf("SiteForm", "address").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={["site", "region"]} label={t("queue.region")}>
        <Input maxLength={limitOf("SiteForm", "region").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={["site", "timezone"]} label={t("keeping.timezone")}>
        <Input maxLength={limitOf("SiteForm", "timezone").max} autoComplete="off" />
      </Form.Item>
    </div>
  );
}
