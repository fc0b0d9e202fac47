import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Forbidden } from "../Forbidden";
import { MAY_SEE, type Read, useEngineer } from "./engineers";
import { useFields } from "./fields";
import { LoginDialog } from "./LoginDialog";
import { RecordDialog } from "./RecordDialog";
import { Visits } from "./Visits";

const route = getRouteApi("/engineers/$engineerId");

/** 维修人员: one engineer's record and login, and the visits before them. */
export function Engineer() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="engineers" />;
}

function Page() {
  const { t } = useTranslation();
  const { engineerId } = route.useParams();
  const { data, error, isPending, refetch } = useEngineer(engineerId);
  return (
    <div className="page">
      <Link to="/engineers">{t("engineers.back")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={8} />}
      {data && <Content key={engineerId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: Read }) {
  const { t } = useTranslation();
  const fields = useFields();
  const { engineer } = read;
  return (
    <>
      <div className="page-head">
        <h1>{engineer.name ?? t("ticket.erased")}</h1>
        <Acts read={read} />
      </div>
      <section className="panel" aria-labelledby="record">
        <h2 id="record">{t("engineers.record")}</h2>
        <Facts of={fields.map(([name, said]) => [name, said(engineer)])} />
      </section>
      <Visits of={engineer.id} />
    </>
  );
}

type Act = "amend" | "bind" | "unbind";

function Acts({ read }: { read: Read }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<{ act: Act; read: Read } | null>(null);
  const acts: Act[] = ["amend", read.engineer.actor_id ? "unbind" : "bind"];
  const close = () => setOpen(null);
  return (
    <>
      <fieldset className="acts" aria-label={t("ticket.acts")}>
        {acts.map((act) => (
          <Button key={act} onClick={() => setOpen({ act, read })}>
            {t(`engineers.${act}`)}
          </Button>
        ))}
      </fieldset>
      {open?.act === "amend" && <RecordDialog read={open.read} now={read} onClose={close} />}
      {open && open.act !== "amend" && <LoginDialog act={open.act} shown={open.read} now={read} onClose={close} />}
    </>
  );
}
