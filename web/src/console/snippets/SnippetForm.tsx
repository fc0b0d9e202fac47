import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { Failure } from "../../ui/Failure";
import { Choice, useCodes } from "../Choice";
import { type NewSnippet, type Snippet, useKeep } from "../snippets";

const BLANK = { title: "", chinese: "", english: "", use: "", kind: "" };
type Written = typeof BLANK;

function written(of: Snippet | null): Written {
  if (!of) return BLANK;
  return {
    title: of.title,
    chinese: of.chinese ?? "",
    english: of.english ?? "",
    use: of.use ?? "",
    kind: of.kind ?? "",
  };
}

/** What was left empty is not said. */
function meant({ title, chinese, english, use, kind }: Written): NewSnippet {
  return {
    title,
    chinese: chinese.trim() ? chinese : null,
    english: english.trim() ? english : null,
    use: (use || null) as NonNullable<NewSnippet["use"]> | null,
    kind: (kind || null) as NonNullable<NewSnippet["kind"]> | null,
  };
}

/** One more text, or all about one that there is. */
export function SnippetForm({ of, onDone }: { of: Snippet | null; onDone: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const codes = useCodes();
  const [form, setForm] = useState(() => written(of));
  const keep = useKeep(() => {
    setForm(BLANK);
    onDone();
  });
  const set = (name: keyof Written) => (value: string) => setForm((now) => ({ ...now, [name]: value }));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!keep.isPending) keep.mutate({ id: of?.id ?? null, snippet: meant(form) });
  }
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{of ? t("snippets.change", { title: of.title }) : t("snippets.new")}</h2>
      <form className="snippet" onSubmit={submit}>
        <label htmlFor={`${id}t`}>{t("snippets.name")}</label>
        <Input
          id={`${id}t`}
          value={form.title}
          maxLength={limitOf("NewSnippet", "title").max}
          onChange={({ target }) => set("title")(target.value)}
        />
        <Text id={`${id}c`} name="chinese" value={form.chinese} onChange={set("chinese")} />
        <Text id={`${id}e`} name="english" value={form.english} onChange={set("english")} />
        <label htmlFor={`${id}u`}>{t("snippets.use")}</label>
        <Choice
          id={`${id}u`}
          of={codes("snippet_use", t("snippets.anyUse"))}
          value={form.use}
          onChange={({ target }) => set("use")(target.value)}
        />
        <label htmlFor={`${id}k`}>{t("snippets.kind")}</label>
        <Choice
          id={`${id}k`}
          of={codes("ticket_kind", t("snippets.anyKind"))}
          value={form.kind}
          onChange={({ target }) => set("kind")(target.value)}
        />
        <div className="acts">
          <Button type="primary" htmlType="submit" loading={keep.isPending} disabled={!form.title.trim()}>
            {t("snippets.keep")}
          </Button>
          {of && <Button onClick={onDone}>{t("act.abandon")}</Button>}
        </div>
      </form>
      {keep.error && <Failure error={keep.error} />}
    </section>
  );
}

interface TextProps {
  id: string;
  name: "chinese" | "english";
  value: string;
  onChange: (text: string) => void;
}

function Text({ id, name, value, onChange }: TextProps) {
  const { t } = useTranslation();
  return (
    <>
      <label htmlFor={id}>{t(`snippets.${name}`)}</label>
      <Input.TextArea
        id={id}
        value={value}
        maxLength={limitOf("NewSnippet", name).max}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={({ target }) => onChange(target.value)}
      />
    </>
  );
}
