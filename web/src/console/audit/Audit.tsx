import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isId } from "../../lib/address";
import { hasRole, usePerson } from "../../lib/person";
import { useWhileShown } from "../../lib/useWhileShown";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { AsKnown } from "./AsKnown";
import { MAY_AUDIT, ticketOf, useStory } from "./audit";
import { Evidence } from "./Evidence";
import { KINDS, MAY_SEE_RECORDS, type RecordKind } from "./kinds";
import { Moment } from "./Moment";
import { knownAt, momentsOf } from "./moments";
import { AuditedRecord } from "./Record";
import { idOf } from "./records";
import { Story } from "./Story";
import "../field.css";
import "./audit.css";

const route = getRouteApi("/audit");

/** 审计: a ticket, or another record, as it was known at any moment, who did what, and who looked at whose contact. */
export function Audit() {
  return hasRole(usePerson(), MAY_AUDIT) ? <Page /> : <Forbidden area="audit" />;
}

function Page() {
  const { t } = useTranslation();
  const { ticket, kind, id } = route.useSearch();
  const maySeeRecords = hasRole(usePerson(), MAY_SEE_RECORDS);
  return (
    <div className="page">
      <h1>{t("audit.title")}</h1>
      <Find kinds={maySeeRecords ? ["ticket", ...KINDS] : ["ticket"]} />
      {ticket && <Of key={ticket} ticket={ticket} />}
      {!ticket && maySeeRecords && kind && id && <AuditedRecord key={`${kind}/${id}`} kind={kind} id={id} />}
      {hasRole(usePerson(), ["auditor", "operator"]) && (
        <p>
          {t("audit.elsewhere")} <Link to="/operations">{t("area.operations")}</Link>
        </p>
      )}
    </div>
  );
}

type Sought = "ticket" | RecordKind;

/** What kind of record, and which: by its id, or by what people call it. */
function Find({ kinds }: { kinds: readonly Sought[] }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { ticket, kind: shown } = route.useSearch();
  const field = useId();
  const [kind, setKind] = useState<Sought>((!ticket && shown) || "ticket");
  const [words, setWords] = useState("");
  const show = useWhileShown(
    (id: string | null, { kind }: { kind: Sought }) =>
      id && navigate({ search: kind === "ticket" ? { ticket: id } : { kind, id } }),
  );
  const find = useMutation({
    mutationFn: (sought: { kind: Sought; words: string }) => idOfAny(sought.kind, sought.words),
    onSuccess: show,
  });
  function send(event: FormEvent): void {
    event.preventDefault();
    find.mutate({ kind, words: words.trim() });
  }
  return (
    <form className="panel question" onSubmit={send}>
      {kinds.length > 1 && (
        <div className="field">
          <label htmlFor={`${field}-kind`}>{t("audit.recordKind")}</label>
          <select id={`${field}-kind`} value={kind} onChange={(event) => setKind(event.target.value as Sought)}>
            {kinds.map((each) => (
              <option key={each} value={each}>
                {t(`audit.kind.${each}`)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="field">
        <label htmlFor={field}>{t(`audit.named.${kind}`)}</label>
        <input id={field} required value={words} onChange={(event) => setWords(event.target.value)} />
      </div>
      <div className="acts">
        <Button type="primary" htmlType="submit" loading={find.isPending}>
          {t("audit.look")}
        </Button>
      </div>
      {find.error && <Failure error={find.error} />}
      {find.data === null && <p role="alert">{t(kind === "ticket" ? "audit.noTicket" : "audit.noRecord")}</p>}
    </form>
  );
}

async function idOfAny(kind: Sought, words: string): Promise<string | null> {
  if (kind !== "ticket") return idOf(kind, words);
  return isId(words) ? words : ticketOf(words);
}

/** The moment is this page's own: the address only repeats it, so that keys may come faster than it follows. */
function Of({ ticket }: { ticket: string }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const [at, setAt] = useState(search.at);
  const { data, error, isPending, refetch } = useStory(ticket);
  function look(moment: string | undefined): void {
    setAt(moment);
    void navigate({ search: { ticket, ...(moment && { at: moment }) }, replace: true });
  }
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading lines={12} />;
  if (data.length === 0) return <Empty>{t("audit.noTicket")}</Empty>;
  return (
    <>
      <Moment moments={momentsOf(data)} at={at} onChange={look} />
      <AsKnown ticket={ticket} at={at} />
      <Story of={knownAt(data, at)} all={data.length} />
      <Evidence ticket={ticket} />
    </>
  );
}
