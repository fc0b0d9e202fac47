import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice, useCodes } from "../../Choice";
import { BUDGET, ENTITLEMENT, PRICE } from "./contractForm";
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
      <Listed name={["conditions", "prices"]} one="price" blank={PRICE} most={200}>
        {(place) => (
          <div className="fields">
            <Line at={place} name="item" says="item" />
            <Line at={place} name="unit" says="unit" />
            <Line at={place} name="price" says="unitPrice" />
          </div>
        )}
      </Listed>
      <Listed name={["conditions", "budget"]} one="budget" blank={BUDGET} most={100}>
        {(place) => (
          <div className="fields">
            <Line at={place} name="item" says="item" />
            <Line at={place} name="amount" says="amount" />
          </div>
        )}
      </Listed>
    </>
  );
}

interface LineProps {
  at: number;
  name: string;
  says: "item" | "unit" | "unitPrice" | "amount";
}

/** One field of a line of the price list, or of the budget. */
function Line({ at, name, says }: LineProps) {
  const { t } = useTranslation();
  const isWords = says === "item" || says === "unit";
  return (
    <Form.Item name={[at, name]} label={t(`keeping.${says}`)}>
      {isWords ? <Input maxLength={60} /> : <Input type="number" min={0} step="0.01" />}
    </Form.Item>
  );
}
