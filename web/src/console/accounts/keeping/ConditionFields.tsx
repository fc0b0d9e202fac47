import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice, useCodes } from "../../Choice";
import { ENTITLEMENT } from "./contractForm";
import { Listed } from "./Listed";

/** What is agreed beside the warranty. */
export function ConditionFields() {
  const { t } = useTranslation();
  const codes = useCodes();
  return (
    <>
      <div className="fields">
        <Form.Item name={["conditions", "service_level"]} label={t("accounts.level")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name={["conditions", "labour_cap"]} label={t("keeping.labourCap")}>
          <Input type="number" min={0} step="0.01" />
        </Form.Item>
        <Form.Item name={["conditions", "travel_free"]} label={t("accounts.travel")}>
          <Choice
            of={[
              { value: "", label: t("keeping.unsaid") },
              { value: "yes", label: t("accounts.free") },
              { value: "no", label: t("accounts.charged") },
            ]}
          />
        </Form.Item>
      </div>
      <Listed name={["conditions", "entitlements"]} one="entitlement" blank={ENTITLEMENT} most={20}>
        {(place) => (
          <div className="fields">
            <Form.Item name={[place, "service"]} label={t("keeping.service")}>
              <Choice of={codes("entitled_service")} />
            </Form.Item>
            <Form.Item name={[place, "times"]} label={t("keeping.times")}>
              <Input type="number" min={1} />
            </Form.Item>
            <Form.Item name={[place, "per"]} label={t("keeping.per")}>
              <Choice of={codes("entitled_per")} />
            </Form.Item>
          </div>
        )}
      </Listed>
    </>
  );
}
