import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { useFocusOnTitle } from "../../lib/useFocusOnTitle";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { type Snippet, useChanges, useRemove, useSnippets } from "../snippets";
import { textOf } from "../snippetTexts";
import { SnippetForm } from "./SnippetForm";
import "./snippets.css";

/** 常用语: the department's short texts, kept by managers, with what became of them. */
export function Snippets() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useSnippets();
  const [changing, setChanging] = useState<Snippet | null>(null);
  const mayKeep = hasRole(usePerson(), ["manager"]);
  useFocusOnTitle(data && `${data.map((each) => each.id)} ${changing?.id}`);
  return (
    <div className="page">
      <h1>{t("snippets.title")}</h1>
      <p>{t("snippets.about")}</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={6} />}
      {data && <List of={data} onChange={mayKeep ? setChanging : null} />}
      {mayKeep && <SnippetForm key={changing?.id ?? ""} of={changing} onDone={() => setChanging(null)} />}
      <Changes />
    </div>
  );
}

function List({ of, onChange }: { of: readonly Snippet[]; onChange: ((snippet: Snippet) => void) | null }) {
  const { t } = useTranslation();
  const label = useLabel();
  const remove = useRemove();
  if (of.length === 0) return <Empty>{t("snippets.none")}</Empty>;
  return (
    <section className="panel" aria-label={t("snippets.title")}>
      <ul className="snippets">
        {of.map((each) => (
          <li key={each.id}>
            <strong>{each.title}</strong> {textOf(each)}
            <p className="quiet">
              {each.use ? label("snippet_use", each.use) : t("snippets.anyUse")} ·{" "}
              {each.kind ? label("ticket_kind", each.kind) : t("snippets.anyKind")}
            </p>
            {onChange && (
              <div className="acts">
                <Button size="small" onClick={() => onChange(each)}>
                  {t("snippets.change", { title: each.title })}
                </Button>
                <Button size="small" onClick={() => remove.mutate(each.id)}>
                  {t("snippets.remove", { title: each.title })}
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

function Changes() {
  const { t } = useTranslation();
  const label = useLabel();
  const { data } = useChanges();
  if (!data?.length) return null;
  return (
    <section className="panel" aria-labelledby="changes">
      <h2 id="changes">{t("snippets.changes")}</h2>
      <ul>
        {data.map((each) => (
          <li key={`${each.occurred_at} ${each.title}`}>
            {dateTime(each.occurred_at)} {each.actor_name} {label("snippet_change", each.change)} {each.title}
          </li>
        ))}
      </ul>
    </section>
  );
}
