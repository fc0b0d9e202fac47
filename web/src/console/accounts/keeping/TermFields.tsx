import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { Choice, useCodes } from "../../Choice";
import type { ChangeValues } from "./contractForm";

interface TermFieldsProps {
  of: "terms" | "changes";
  place: number;
}

/** One term by its class, or what changes of one: then an empty field stays as it is. */
export function TermFields({ of, place }: TermFieldsProps) {
  const { t } = useTranslation();
  const codes = useCodes();
  const op: ChangeValues["op"] | undefined = Form.useWatch([of, place, "op"]);
  const unsaid = of === "changes" ? t("keeping.asBefore") : undefined;
  return (
    <>
      <div className="fields">
        {of === "changes" && (
          <Form.Item name={[place, "op"]} label={t("keeping.op")}>
            <Choice of={codes("change_op")} />
          </Form.Item>
        )}
        <Form.Item name={[place, "component_class"]} label={t("keeping.class")}>
          <Input maxLength={limitOf("TermForm", "component_class").max} />
        </Form.Item>
        {op !== "remove" && (
          <>
            <Form.Item name={[place, "months"]} label={t("keeping.months")}>
              <Input type="number" min={1} />
            </Form.Item>
            <Form.Item name={[place, "start_rule"]} label={t("keeping.startRule")}>
              <Choice of={codes("start_rule", unsaid)} />
            </Form.Item>
            <StartDate of={of} place={place} />
            <Form.Item name={[place, "latent_defect_months"]} label={t("keeping.latent")}>
              <Input type="number" min={0} />
            </Form.Item>
          </>
        )}
      </div>
      {op !== "remove" && <Seldom of={of} place={place} />}
    </>
  );
}

function StartDate({ of, place }: TermFieldsProps) {
  const { t } = useTranslation();
  if (Form.useWatch([of, place, "start_rule"]) !== "date") return null;
  return (
    <Form.Item name={[place, "start_date"]} label={t("keeping.startDate")}>
      <Input type="date" />
    </Form.Item>
  );
}

/** What most terms leave as it is. */
function Seldom({ of, place }: TermFieldsProps) {
  const { t } = useTranslation();
  const codes = useCodes();
  const replacement = Form.useWatch([of, place, "replacement"]);
  const unsaid = of === "changes" ? t("keeping.asBefore") : undefined;
  return (
    <details>
      <summary>{t("keeping.seldom")}</summary>
      <div className="fields">
        <Form.Item name={[place, "replacement"]} label={t("keeping.replacement")}>
          <Choice of={codes("replacement_rule", unsaid)} />
        </Form.Item>
        {replacement === "own" && (
          <Form.Item name={[place, "replacement_months"]} label={t("keeping.replacementMonths")}>
            <Input type="number" min={1} />
          </Form.Item>
        )}
        <Form.Item name={[place, "expansion"]} label={t("keeping.expansion")}>
          <Choice
            of={[
              { value: "", label: unsaid ?? t("keeping.expansionAlike") },
              { value: "own", label: t("keeping.expansionOwn") },
            ]}
          />
        </Form.Item>
        <Form.Item name={[place, "shelf_years"]} label={t("keeping.shelf")}>
          <Input type="number" min={0} />
        </Form.Item>
      </div>
    </details>
  );
}
