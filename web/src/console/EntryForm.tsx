import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../ui/Failure";
import { Choice, useCodes } from "./Choice";
import type { Change, DepartmentList, Item } from "./departmentList";
import { useKeep } from "./keptList";
import type { Vocabulary } from "./labels";

/** A field of an entry's form: a text, one on several lines, or one of some codes, of which none reads `unsaid`. */
export interface Field<Entry> {
  name: keyof Entry & string;
  label: string;
  isNeeded?: boolean;
  max?: number | undefined;
  isLong?: boolean;
  codes?: Vocabulary;
  unsaid?: string;
}

type Written = Readonly<Record<string, string>>;

interface EntryFormProps<Of extends Item, Entry> {
  list: DepartmentList<Of, Entry, Change>;
  fields: readonly Field<Entry>[];
  /** The entry that is changed, and what it is called; null: a new one. */
  of: Of | null;
  name: string;
  onDone: () => void;
}

/** One more entry, or all about one that there is. */
export function EntryForm<Of extends Item, Entry>({ list, fields, of, name, onDone }: EntryFormProps<Of, Entry>) {
  const { t } = useTranslation();
  const id = useId();
  const [written, setWritten] = useState<Written>(() => Object.fromEntries(Object.entries(of ?? {})));
  const isWhole = fields.every((field) => !field.isNeeded || written[field.name]?.trim());
  const keep = useKeep(list, () => {
    setWritten({});
    onDone();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!keep.isPending && isWhole) keep.mutate({ id: of?.id ?? null, entry: meant(fields, written) });
  }
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{of ? t(`${list.key}.change`, { name }) : t(`${list.key}.new`)}</h2>
      <form className="entry" onSubmit={submit}>
        {fields.map((field) => (
          <Line
            key={field.name}
            field={field}
            value={written[field.name] ?? ""}
            onChange={(text) => setWritten((now) => ({ ...now, [field.name]: text }))}
          />
        ))}
        <div className="acts">
          <Button type="primary" htmlType="submit" loading={keep.isPending} disabled={!isWhole}>
            {t(`${list.key}.keep`)}
          </Button>
          {of && <Button onClick={onDone}>{t("act.abandon")}</Button>}
        </div>
      </form>
      {keep.error && <Failure error={keep.error} />}
    </section>
  );
}

/** What was left empty is not said. */
function meant<Entry>(fields: readonly Field<Entry>[], written: Written): Entry {
  const said = fields.map(({ name, isLong }) => {
    const text = written[name] ?? "";
    return [name, text.trim() ? (isLong ? text : text.trim()) : null];
  });
  return Object.fromEntries(said) as Entry;
}

interface LineProps<Entry> {
  field: Field<Entry>;
  value: string;
  onChange: (text: string) => void;
}

function Line<Entry>({ field: { label, max, isLong, codes, unsaid }, value, onChange }: LineProps<Entry>) {
  const all = useCodes();
  const write = ({ target }: { target: { value: string } }) => onChange(target.value);
  const about = { id: useId(), value, onChange: write };
  return (
    <>
      <label htmlFor={about.id}>{label}</label>
      {codes && <Choice of={all(codes, unsaid)} {...about} />}
      {isLong && <Input.TextArea maxLength={max} autoSize={{ minRows: 2, maxRows: 8 }} {...about} />}
      {!codes && !isLong && <Input maxLength={max} {...about} />}
    </>
  );
}
