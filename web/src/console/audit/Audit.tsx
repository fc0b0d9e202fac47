import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isId } from "../../lib/address";
import { hasRole, usePerson } from "../../lib/person";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { AsKnown } from "./AsKnown";
import { MAY_AUDIT, ticketOf, useStory } from "./audit";
import { Evidence } from "./Evidence";
import { Moment } from "./Moment";
import { knownAt, momentsOf } from "./moments";
import { Story } from "./Story";
import "./audit.css";

const route = getRouteApi("/audit");

/** 审计: a ticket as it was known at any moment, who did what, and who looked at whose contact. */
export function Audit() {
  return hasRole(usePerson(), MAY_AUDIT) ? <Page /> : <Forbidden area="audit" />;
}

function Page() {
  const { t } = useTranslation();
  const { ticket } = route.useSearch();
  return (
    <div className="page">
      <h1>{t("audit.title")}</h1>
      <Find />
      {ticket && <Of key={ticket} ticket={ticket} />}
      {hasRole(usePerson(), ["auditor", "operator"]) && (
        <p>
          {t("audit.elsewhere")} <Link to="/operations">{t("area.operations")}</Link>
        </p>
      )}
    </div>
  );
}

/** By its number, or by its id. */
function Find() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const field = useId();
  const [words, setWords] = useState("");
  const find = useMutation({
    mutationFn: async () => (isId(words.trim()) ? words.trim() : ticketOf(words.trim())),
    onSuccess: (ticket) => ticket && navigate({ search: { ticket } }),
  });
  function send(event: FormEvent): void {
    event.preventDefault();
    find.mutate();
  }
  return (
    <form className="panel question" onSubmit={send}>
      <div className="field">
        <label htmlFor={field}>{t("audit.number")}</label>
        <input id={field} required value={words} onChange={(event) => setWords(event.target.value)} />
      </div>
      <div className="acts">
        <Button type="primary" htmlType="submit" loading={find.isPending}>
          {t("audit.look")}
        </Button>
      </div>
      {find.error && <Failure error={find.error} />}
      {find.data === null && <p role="alert">{t("audit.noTicket")}</p>}
    </form>
  );
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
