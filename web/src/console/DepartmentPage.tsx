import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../lib/person";
import { dateTime } from "../lib/times";
import { useFocusOnTitle } from "../lib/useFocusOnTitle";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Loading } from "../ui/Loading";
import { type Change, type DepartmentList, type Item, useChanges, useItems } from "./departmentList";
import { EntryForm, type Field } from "./EntryForm";
import { useRemove } from "./keptList";
import { useLabel } from "./labels";
import "./keptList.css";

interface PageProps<Of extends Item, Entry, Became extends Change> {
  list: DepartmentList<Of, Entry, Became>;
  fields: readonly Field<Entry>[];
  /** What an entry is called, and what stands behind that. */
  name: (of: Of) => string;
  about: (of: Of) => ReactNode;
  became: (change: Became) => string;
}

/** A small list that managers keep for all, with what became of it. */
export function DepartmentPage<Of extends Item, Entry, Became extends Change>(props: PageProps<Of, Entry, Became>) {
  const { list, name, fields, became } = props;
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useItems(list);
  const [changing, setChanging] = useState<Of | null>(null);
  const mayKeep = hasRole(usePerson(), ["manager"]);
  useFocusOnTitle(data && `${data.map((each) => each.id)} ${changing?.id}`);
  const form = { list, fields, of: changing, name: changing ? name(changing) : "", onDone: () => setChanging(null) };
  return (
    <div className="page">
      <h1>{t(`${list.key}.title`)}</h1>
      <p>{t(`${list.key}.about`)}</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={6} />}
      {data && <Items {...props} of={data} onChange={mayKeep ? setChanging : null} />}
      {mayKeep && <EntryForm key={changing?.id ?? ""} {...form} />}
      <Changes list={list} became={became} />
    </div>
  );
}

interface ItemsProps<Of extends Item> extends Pick<PageProps<Of, never, Change>, "list" | "name" | "about"> {
  of: readonly Of[];
  onChange: ((of: Of) => void) | null;
}

function Items<Of extends Item>({ list, name, about, of, onChange }: ItemsProps<Of>) {
  const { t } = useTranslation();
  const remove = useRemove(list);
  if (of.length === 0) return <Empty>{t(`${list.key}.none`)}</Empty>;
  return (
    <section className="panel" aria-label={t(`${list.key}.title`)}>
      <ul className="kept">
        {of.map((each) => (
          <li key={each.id}>
            <strong>{name(each)}</strong> {about(each)}
            {onChange && (
              <div className="acts">
                <Button size="small" onClick={() => onChange(each)}>
                  {t(`${list.key}.change`, { name: name(each) })}
                </Button>
                <Button size="small" onClick={() => remove.mutate(each.id)}>
                  {t(`${list.key}.remove`, { name: name(each) })}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {remove.error && <Failure error={remove.error} />}
    </section>
  );
}

function Changes<Became extends Change>({ list, became }: Pick<PageProps<Item, never, Became>, "list" | "became">) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data } = useChanges(list);
  if (!data?.length) return null;
  return (
    <section className="panel" aria-labelledby="changes">
      <h2 id="changes">{t(`${list.key}.changes`)}</h2>
      <ul>
        {data.map((each) => (
          <li key={`${each.occurred_at} ${became(each)}`}>
            {dateTime(each.occurred_at)} {each.actor_name} {label("list_change", each.change)} {became(each)}
          </li>
        ))}
      </ul>
    </section>
  );
}
