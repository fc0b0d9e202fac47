import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { Failure } from "../../ui/Failure";
import { type Hotline, type NewHotline, useKeep } from "../hotlines";

const BLANK = { number: "", region: "", hours: "", answered_by: "" };
type Written = typeof BLANK;

function written(of: Hotline | null): Written {
  if (!of) return BLANK;
  return { number: of.number, region: of.region ?? "", hours: of.hours, answered_by: of.answered_by };
}

/** A region that was left empty is none. */
function meant({ region, ...form }: Written): NewHotline {
  return { ...form, number: form.number.trim(), region: region.trim() ? region : null };
}

function isWhole({ number, hours, answered_by }: Written): boolean {
  return [number, hours, answered_by].every((text) => text.trim());
}

/** One more number, or all about one that there is. */
export function HotlineForm({ of, onDone }: { of: Hotline | null; onDone: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [form, setForm] = useState(() => written(of));
  const keep = useKeep(() => {
    setForm(BLANK);
    onDone();
  });
  const set = (name: keyof Written) => (value: string) => setForm((now) => ({ ...now, [name]: value }));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!keep.isPending && isWhole(form)) keep.mutate({ id: of?.id ?? null, hotline: meant(form) });
  }
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{of ? t("hotlines.change", { number: of.number }) : t("hotlines.new")}</h2>
      <form className="hotline" onSubmit={submit}>
        <Field name="number" label={t("hotlines.number")} value={form.number} onChange={set("number")} />
        <Field name="region" label={t("hotlines.region")} value={form.region} onChange={set("region")} />
        <Field name="hours" label={t("hotlines.hours")} value={form.hours} onChange={set("hours")} />
        <Field
          name="answered_by"
          label={t("hotlines.answeredBy")}
          value={form.answered_by}
          onChange={set("answered_by")}
        />
        <div className="acts">
          <Button type="primary" htmlType="submit" loading={keep.isPending} disabled={!isWhole(form)}>
            {t("hotlines.keep")}
          </Button>
          {of && <Button onClick={onDone}>{t("act.abandon")}</Button>}
        </div>
      </form>
      {keep.error && <Failure error={keep.error} />}
    </section>
  );
}

interface FieldProps {
  name: keyof Written;
  label: string;
  value: string;
  onChange: (text: string) => void;
}

function Field({ name, label, value, onChange }: FieldProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        value={value}
        maxLength={limitOf("NewHotline", name).max}
        onChange={({ target }) => onChange(target.value)}
      />
    </>
  );
}
