import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { type Policy as Document, MAY_SEE, type PolicyDetails, type Read, usePolicy, useVersion } from "./policies";
import { Steps } from "./Steps";
import { titleOf, useSaid } from "./said";
import { TargetCard } from "./TargetCard";
import type { WhatIfSearch } from "./whatIf";
import "./policies.css";

const route = getRouteApi("/policies/$policyId");

/** 时限政策: what is in force of it, its draft, or an earlier version; and what may be done with it next. */
export function Policy() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const { policyId } = route.useParams();
  const { data, error, isPending, refetch } = usePolicy(policyId);
  return (
    <div className="page">
      <Link to="/policies">{t("policies.back")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data === null && <Empty>{t("policies.unknown")}</Empty>}
      {data && <Content key={policyId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: Read }) {
  const { policy, etag } = read;
  const navigate = useNavigate();
  const { show } = route.useSearch();
  const number = typeof show === "number" ? show : undefined;
  const version = useVersion(policy.id, number);
  const shown = number ? version.data?.document : show === "draft" ? policy.draft : (policy.document ?? policy.draft);
  return (
    <>
      <div className="page-head">
        <h1>{titleOf(policy.title, policy.id)}</h1>
        <Steps
          standing={{ kind: "policy", rule: policy, etag }}
          onDraft={() => void navigate({ to: "/policies/$policyId/draft", params: { policyId: policy.id } })}
        />
      </div>
      <Versions policy={policy} shown={shown} />
      {version.error && <Failure error={version.error} onRetry={() => void version.refetch()} />}
      {shown && <Said policy={shown} />}
    </>
  );
}

function Versions({ policy, shown }: { policy: PolicyDetails; shown: Document | null | undefined }) {
  const { t } = useTranslation();
  const label = useLabel();
  const draft = policy.draft && (
    <Version key="draft" policy={policy} show="draft" current={shown === policy.draft} name={t("policies.draft")} />
  );
  const versions = policy.versions.map(({ name, number }) => (
    <Version
      key={name}
      policy={policy}
      show={number}
      current={shown?.version === number && shown !== policy.draft}
      name={name}
    />
  ));
  return (
    <section className="panel" aria-labelledby="versions">
      <h2 id="versions">{t("policies.versions")}</h2>
      <Facts
        of={[
          [t("policies.status"), label("rule_status", policy.status)],
          [t("policies.inForce"), policy.in_force ?? t("policies.none")],
          [t("policies.since"), policy.published_at && dateTime(policy.published_at)],
          [t("policies.draftedAt"), policy.drafted_at && dateTime(policy.drafted_at)],
          [t("policies.approvedAt"), policy.approved_at && dateTime(policy.approved_at)],
          [
            t("policies.show"),
            <span key="show" className="acts-of">
              {[draft, ...versions]}
            </span>,
          ],
          [
            t("policies.compare"),
            policy.in_force && (
              <Link key="try" to="/try" search={{ one: policy.in_force }} className="version">
                {t("policies.try")}
              </Link>
            ),
          ],
          [
            t("policies.onTickets"),
            <Link key="what-if" to="/what-if" search={triedOn(policy)} className="version">
              {t("policies.whatIf")}
            </Link>,
          ],
        ]}
      />
    </section>
  );
}

/** The draft where there is one: it is what nobody knows the effect of. */
function triedOn({ id, draft, in_force }: PolicyDetails): WhatIfSearch {
  if (draft) return { rules: `draft:${id}` };
  return in_force ? { rules: in_force } : {};
}

interface VersionProps {
  policy: PolicyDetails;
  show: number | "draft";
  name: string;
  current: boolean;
}

function Version({ policy, show, name, current }: VersionProps) {
  return (
    <Link
      to="/policies/$policyId"
      params={{ policyId: policy.id }}
      search={{ show }}
      className="version"
      aria-current={current ? "true" : undefined}
    >
      {name}
    </Link>
  );
}

function Said({ policy }: { policy: Document }) {
  const { t } = useTranslation();
  const { conditions } = useSaid();
  return (
    <>
      <section className="panel" aria-labelledby="general">
        <h2 id="general">{t("policies.general")}</h2>
        <Facts
          of={[
            [t("policies.appliesWhen"), conditions(policy.applies_when) || t("policies.always")],
            [t("policies.levelBefore"), `P${policy.level_until_classified ?? 3}`],
            [t("policies.note"), policy.note],
          ]}
        />
      </section>
      <div className="targets">
        {policy.targets.map((target, index) => (
          <TargetCard key={index} target={target} policy={policy} />
        ))}
      </div>
      <details className="panel">
        <summary>{t("policies.json")}</summary>
        <pre className="wide">{JSON.stringify(policy, null, 2)}</pre>
      </details>
    </>
  );
}
