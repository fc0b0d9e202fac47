import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { ClockRow } from "../ClockRow";
import { useOpenClocks } from "../clocks";
import { Acts } from "./Acts";
import { type CaseDetails, type Read, useCase, useTicketOf } from "./case";
import { useFields } from "./fields";
import { Matter } from "./Matter";
import "./triage.css";

const route = getRouteApi("/triage/$ticketId");

/** 研判单: what the customer said, what was found out, and what may be decided next. */
export function Case() {
  const { t } = useTranslation();
  const { ticketId } = route.useParams();
  const { data, error, isPending, refetch } = useCase(ticketId);
  return (
    <div className="page">
      <Link to="/triage">{t("triage.back")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={ticketId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: Read }) {
  const { t } = useTranslation();
  const { id } = read.found;
  const ticket = useTicketOf(id);
  const clocks = useOpenClocks([id]);
  return (
    <>
      <div className="page-head">
        <h1>{t("triage.of", { number: ticket.data?.number ?? "" })}</h1>
        <Acts read={read} ticket={ticket.data} />
      </div>
      <div>
        <ClockRow of={clocks.get(id)} />
      </div>
      <div className="case">
        <Matter ticket={ticket} />
        <Findings found={read.found} />
      </div>
    </>
  );
}

function Findings({ found }: { found: CaseDetails }) {
  const { t } = useTranslation();
  const fields = useFields();
  return (
    <section className="panel" aria-labelledby="findings">
      <h2 id="findings">{t("triage.findings")}</h2>
      <Facts of={fields.map(([name, said]) => [name, said(found)])} />
      {found.cause && (
        <p>
          {t("triage.follows")}
          {t(`triage.causeFollows.${found.cause}`)}
        </p>
      )}
    </section>
  );
}
