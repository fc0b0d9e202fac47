import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { TERM } from "./contractForm";
import { Listed } from "./Listed";
import { COMPONENT } from "./modelForm";
import { TermFields } from "./TermFields";

/** All that is said of a model. `named`: its name is on file, and stays. */
export function ModelFields({ named = false }: { named?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <section className="panel" aria-labelledby="model">
        <h2 id="model">{t("models.about")}</h2>
        <div className="fields">
          {!named && (
            <Form.Item name="name" label={t("models.name")} required>
              <Input maxLength={limitOf("NewModel", "name").max} autoComplete="off" />
            </Form.Item>
          )}
          <Form.Item name="maker" label={t("accounts.maker")}>
            <Input maxLength={limitOf("NewModel", "maker").max} autoComplete="off" />
          </Form.Item>
        </div>
      </section>
      <section className="panel" aria-labelledby="defaults">
        <h2 id="defaults">{t("models.terms")}</h2>
        <p>{t("models.termsHint")}</p>
        <Listed name="terms" one="term" blank={TERM} most={100}>
          {(place) => <TermFields of="terms" place={place} />}
        </Listed>
      </section>
      <section className="panel" aria-labelledby="made-of">
        <h2 id="made-of">{t("models.components")}</h2>
        <Listed name="components" one="component" blank={COMPONENT} most={100}>
          {(place) => <Component at={place} />}
        </Listed>
      </section>
    </>
  );
}

function Component({ at }: { at: number }) {
  const { t } = useTranslation();
  return (
    <div className="fields">
      <Form.Item name={[at, "id"]} label={t("keeping.partId")}>
        <Input maxLength={limitOf("ComponentForm", "id").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[at, "component_class"]} label={t("keeping.class")}>
        <Input maxLength={limitOf("ComponentForm", "component_class").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name={[at, "parent"]} label={t("accounts.partOf")}>
        <Input maxLength={limitOf("ComponentForm", "parent").max} autoComplete="off" />
      </Form.Item>
    </div>
  );
}
