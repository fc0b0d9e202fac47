import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime, day } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { useLabel } from "../labels";
import { Outcome } from "./Outcome";
import { MAY_SEE } from "./policies";
import { cancel, isGoingOn, type Replay as Read, useReplay } from "./replays";
import { before } from "./WhatIf";
import { rulesOf } from "./whatIf";
import "./policies.css";

const route = getRouteApi("/what-if/$replayId");

/** 试算: how far it is, and what the draft would have made of the tickets. */
export function Replay() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="policies" />;
}

function Page() {
  const { t } = useTranslation();
  const { replayId } = route.useParams();
  const { data, error, isPending, refetch } = useReplay(replayId);
  return (
    <div className="page">
      <Link to="/what-if">{t("policies.whatIfBack")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content replay={data} />}
    </div>
  );
}

function Content({ replay }: { replay: Read }) {
  const { t } = useTranslation();
  const { clock } = route.useSearch();
  return (
    <>
      <div className="page-head">
        <h1>{t("policies.whatIfOf", { rules: rulesOf(replay) })}</h1>
        {isGoingOn(replay) && <Cancel id={replay.id} />}
      </div>
      <Standing replay={replay} />
      {replay.result && <Outcome replay={replay} result={replay.result} clock={clock} />}
    </>
  );
}

function Standing({ replay }: { replay: Read }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { done, total } = replay.progress;
  return (
    <section className="panel" aria-label={t("policies.status")}>
      <p role="status">{label("job_status", replay.status)}</p>
      {isGoingOn(replay) && (
        <progress aria-label={t("policies.progress")} value={done} max={Math.max(total ?? 1, 1)}>
          {done}
        </progress>
      )}
      <Facts
        of={[
          [t("policies.progress"), total !== null && t("policies.progressOf", { done, total })],
          [t("policies.span"), `${day(replay.from)} – ${day(before(replay.to))}`],
          [t("policies.askedBy"), replay.requested_by_name],
          [t("policies.asOf"), dateTime(replay.as_of)],
          [t("policies.failure"), replay.reason],
        ]}
      />
    </section>
  );
}

function Cancel({ id }: { id: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const run = useMutation({
    mutationFn: () => cancel(id, keyOf(id)),
    onSettled: () => queries.invalidateQueries({ queryKey: ["replays"] }),
  });
  return (
    <>
      <Button loading={run.isPending} onClick={() => run.mutate()}>
        {t("policies.giveUp")}
      </Button>
      {run.error && <Failure error={run.error} />}
    </>
  );
}
