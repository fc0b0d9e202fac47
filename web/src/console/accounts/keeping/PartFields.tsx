import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { Choice, useCodes } from "../../Choice";

interface PartFieldsProps {
  /** Where the component stands in its form, or in the list. */
  at: (string | number)[];
  /** It is put in for another one: its kind is clear. */
  replaces?: boolean;
}

export function PartFields({ at, replaces = false }: PartFieldsProps) {
  const { t } = useTranslation();
  const codes = useCodes();
  return (
    <div className="fields">
      <Form.Item name={[...at, "id"]} label={t("keeping.partId")}>
        <Input maxLength={limitOf("PartForm", "id").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[...at, "component_class"]} label={t("keeping.class")}>
        <Input maxLength={limitOf("PartForm", "component_class").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[...at, "serial"]} label={t("accounts.serial")}>
        <Input maxLength={limitOf("PartForm", "serial").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[...at, "parent"]} label={t("accounts.partOf")}>
        <Input maxLength={limitOf("PartForm", "parent").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[...at, "installed_on"]} label={t("accounts.installed")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name={[...at, "supplied_by"]} label={t("keeping.suppliedBy")}>
        <Choice of={codes("supplied_by")} />
      </Form.Item>
      {!replaces && (
        <Form.Item name={[...at, "kind"]} label={t("keeping.partKind")}>
          <Choice of={codes("part_kind")} />
        </Form.Item>
      )}
    </div>
  );
}
