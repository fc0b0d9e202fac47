import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";

/** The days that a warranty may start from, and its card. */
export function DaysFields({ within = [] }: { within?: string[] }) {
  const { t } = useTranslation();
  return (
    <div className="fields">
      <Form.Item name={[...within, "acceptance_date"]} label={t("accounts.acceptance")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name={[...within, "completion_date"]} label={t("accounts.completion")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name={[...within, "card_number"]} label={t("keeping.cardNumber")}>
        <Input maxLength={limitOf("NewDays", "card_number").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[...within, "card_date"]} label={t("keeping.cardDate")}>
        <Input type="date" />
      </Form.Item>
    </div>
  );
}
