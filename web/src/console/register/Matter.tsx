import { Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { codes, useLabel, type Vocabulary } from "../labels";
import { SnippetMenu } from "../SnippetMenu";
import { AssetChoice } from "./AssetChoice";
import type { Values } from "./form";
import { HotlineChoice } from "./HotlineChoice";
import { SiteChoice } from "./SiteChoice";
import { useRequired } from "./useRequired";

/** What it is about. */
export function Matter({ onFilled }: { onFilled: () => void }) {
  const { t } = useTranslation();
  const required = useRequired();
  const options = useOptions();
  return (
    <section className="panel" aria-labelledby="matter">
      <h2 id="matter">{t("register.matter")}</h2>
      <AssetChoice />
      <SiteChoice />
      <div className="pair">
        <Form.Item name="channel" label={t("register.channel")}>
          <Select options={options("channel")} />
        </Form.Item>
        <Form.Item name="kind" label={t("register.kind")}>
          <Select options={options("ticket_kind")} />
        </Form.Item>
      </div>
      <HotlineChoice onFilled={onFilled} />
      <Form.Item name="urgency" label={t("register.urgency")}>
        <Radio.Group options={options("urgency")} aria-label={t("register.urgency")} />
      </Form.Item>
      <Form.Item name="summary" label={t("register.summary")} rules={[required(t("register.summary"))]}>
        <Input.TextArea maxLength={limitOf("NewTicket", "summary").max} autoSize={{ minRows: 4, maxRows: 12 }} />
      </Form.Item>
      <Snippets of="summary" onFilled={onFilled} />
      <Form.Item name="requirements" label={t("register.requirements")}>
        <Input.TextArea maxLength={limitOf("NewTicket", "requirements").max} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <Snippets of="requirements" onFilled={onFilled} />
      <div className="pair">
        <Form.Item name="region" label={t("register.region")}>
          <Input maxLength={limitOf("NewTicket", "region").max} />
        </Form.Item>
        <Form.Item name="contract" label={t("register.contract")}>
          <Input maxLength={limitOf("NewTicket", "contract").max} />
        </Form.Item>
      </div>
    </section>
  );
}

/** Texts of the department for one field; fields have their names for ids. */
function Snippets({ of, onFilled }: { of: "summary" | "requirements"; onFilled: () => void }) {
  const form = Form.useFormInstance<Values>();
  const kind = Form.useWatch("kind", form) ?? null;
  function write(text: string): void {
    form.setFieldValue(of, text);
    onFilled();
  }
  return <SnippetMenu field={of} use={of} kind={kind} onWrite={write} />;
}

function useOptions() {
  const label = useLabel();
  return (vocabulary: Vocabulary) => codes(vocabulary).map((value) => ({ value, label: label(vocabulary, value) }));
}
