import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useAssetsOf, useWarrantyOf } from "../assets";
import { Verdict } from "../Verdict";
import type { Values } from "./form";

/** Which of the customer's assets it is about, found while typing, and what its warranty says before anything is saved. */
export function AssetChoice() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const customerId = Form.useWatch("customer_id", { form, preserve: true }) ?? "";
  const assetId = Form.useWatch("asset_id", { form, preserve: true }) ?? "";
  const { data } = useAssetsOf(customerId);
  const { data: warranty } = useWarrantyOf(assetId, {});
  if (!data?.length) return null;
  const options = data.map(({ id, model, serial, card_number }) => ({
    value: id,
    label: [model, serial, card_number].filter(Boolean).join(" · "),
  }));
  return (
    <>
      <Form.Item name="asset_id" label={t("accounts.choose")}>
        <Select showSearch optionFilterProp="label" options={[{ value: "", label: t("accounts.none") }, ...options]} />
      </Form.Item>
      {warranty && <Verdict of={warranty} />}
    </>
  );
}
