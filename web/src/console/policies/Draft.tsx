import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { hasRole, usePerson } from "../../lib/person";
import { isProblem, problemOf } from "../../lib/problem";
import { useWhileShown } from "../../lib/useWhileShown";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Notice } from "../../ui/Notice";
import { Forbidden } from "../Forbidden";
import { documentIn, flawsIn, textOf } from "./document";
import { Flaws } from "./Flaws";
import { AUTHORS, type Policy, type Read, usePolicy, usePreset } from "./policies";
import { draft } from "./steps";
import { Times } from "./Times";
import "./policies.css";

const route = getRouteApi("/policies/$policyId/draft");

/** 起草: the next version of a policy, or a new one from a preset; what cannot work is said place by place. */
export function Draft() {
  return hasRole(usePerson(), AUTHORS) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const { policyId } = route.useParams();
  const { preset } = route.useSearch();
  const policy = usePolicy(policyId);
  const template = usePreset(preset);
  const error = policy.error ?? template.error;
  // What was read once is written on, also when it cannot be read again.
  const isRead = areRead(policy, ...(preset === undefined ? [] : [template]));
  const known = policy.data?.policy.draft ?? policy.data?.policy.document;
  const begun = known ?? (template.data?.policy as Policy | null | undefined);
  return (
    <div className="page">
      <Link to="/policies/$policyId" params={{ policyId }}>
        {t("policies.backToOne")}
      </Link>
      <h1>{t("policies.writing", { id: policyId })}</h1>
      {error && <Failure error={error} />}
      {!isRead && !error && <Loading lines={12} />}
      {isRead && <Form key={policyId} id={policyId} read={policy.data ?? null} begun={begun ?? blank(policyId)} />}
    </div>
  );
}

function areRead(...queries: { data: unknown }[]): boolean {
  return queries.every(({ data }) => data !== undefined);
}

function blank(id: string): Policy {
  return { id, title: { "zh-CN": id, en: id }, calendars: {}, targets: [] };
}

interface FormProps {
  id: string;
  /** Null: the policy is new. */
  read: Read | null;
  begun: Policy;
}

function Form({ id, read, begun }: FormProps) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const field = useId();
  const [text, setText] = useState(() => textOf(begun));
  const [shown, setShown] = useState(read);
  const document = documentIn(text);
  const leave = useWhileShown(() =>
    navigate({ to: "/policies/$policyId", params: { policyId: id }, search: { show: "draft" } }),
  );
  const run = useMutation({
    mutationFn: ({ on, wanted }: { on: Read | null; wanted: Policy }) => draft(on, wanted, keyOf([on?.etag, wanted])),
    onSuccess: leave,
    onSettled: () => queries.invalidateQueries({ queryKey: ["policies"] }),
  });
  const flaws = flawsIn(problemOf(run.error)?.errors);
  const isStale = isProblem(run.error, "stale-version");
  function save(): void {
    if (!document) return;
    const on = isStale ? read : shown;
    setShown(on);
    run.mutate({ on, wanted: document });
  }
  return (
    <>
      {flaws.length > 0 && <Flaws of={flaws} />}
      {isStale && <Notice kind="warning" title={t("policies.changed")} />}
      {run.error && flaws.length === 0 && !isStale && <Failure error={run.error} />}
      {document && <Times document={document} flaws={flaws} onChange={(wanted) => setText(textOf(wanted))} />}
      <section className="panel document">
        <label htmlFor={field}>{t("policies.json")}</label>
        <textarea id={field} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
        {!document && <p role="alert">{t("policies.noDocument")}</p>}
      </section>
      <div className="acts">
        <Button type="primary" loading={run.isPending} disabled={!document} onClick={save}>
          {t("policies.save")}
        </Button>
      </div>
    </>
  );
}
