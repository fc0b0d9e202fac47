import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { useFocusOnTitle } from "../../lib/useFocusOnTitle";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { type Hotline, useChanges, useHotlines, useRemove } from "../hotlines";
import { useLabel } from "../labels";
import { HotlineForm } from "./HotlineForm";
import "./hotlines.css";

/** 热线: the numbers that customers call, kept by managers, with what became of them. */
export function Hotlines() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useHotlines();
  const [changing, setChanging] = useState<Hotline | null>(null);
  const mayKeep = hasRole(usePerson(), ["manager"]);
  useFocusOnTitle(data && `${data.map((each) => each.id)} ${changing?.id}`);
  return (
    <div className="page">
      <h1>{t("hotlines.title")}</h1>
      <p>{t("hotlines.about")}</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={6} />}
      {data && <List of={data} onChange={mayKeep ? setChanging : null} />}
      {mayKeep && <HotlineForm key={changing?.id ?? ""} of={changing} onDone={() => setChanging(null)} />}
      <Changes />
    </div>
  );
}

function List({ of, onChange }: { of: readonly Hotline[]; onChange: ((hotline: Hotline) => void) | null }) {
  const { t } = useTranslation();
  const remove = useRemove();
  if (of.length === 0) return <Empty>{t("hotlines.none")}</Empty>;
  return (
    <section className="panel" aria-label={t("hotlines.title")}>
      <ul>
        {of.map((each) => (
          <li key={each.id}>
            <strong>{each.number}</strong> {each.region ?? t("hotlines.everywhere")} · {each.hours} · {each.answered_by}
            {onChange && (
              <div className="acts">
                <Button size="small" onClick={() => onChange(each)}>
                  {t("hotlines.change", { number: each.number })}
                </Button>
                <Button size="small" onClick={() => remove.mutate(each.id)}>
                  {t("hotlines.remove", { number: each.number })}
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
      <h2 id="changes">{t("hotlines.changes")}</h2>
      <ul>
        {data.map((each) => (
          <li key={`${each.occurred_at} ${each.number}`}>
            {dateTime(each.occurred_at)} {each.actor_name} {label("snippet_change", each.change)} {each.number}{" "}
            {each.region ?? t("hotlines.everywhere")} {each.hours} {each.answered_by}
          </li>
        ))}
      </ul>
    </section>
  );
}
