import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { body, intake } from "../../lib/clients";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { MaskedPhone } from "../../ui/MaskedPhone";
import { useAssetsOf } from "../assets";
import { useLabel } from "../labels";
import { useContractsOf } from "./accounts";
import { FileActs } from "./keeping/FileActs";
import { Papers } from "./keeping/Papers";
import { Tickets } from "./Tickets";
import "./accounts.css";

const route = getRouteApi("/accounts/$customerId");

/** 用户档案: who the customer is, their contracts, what they own, and their tickets, on one page. */
export function FilePage() {
  const { t } = useTranslation();
  const { customerId } = route.useParams();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("accounts.file")}</h1>
        <FileActs customerId={customerId} />
        <Papers of={["asset-labels"]} id={customerId} />
      </div>
      <div className="account">
        <Customer id={customerId} />
        <Contracts of={customerId} />
        <Assets of={customerId} />
        <Tickets about={{ customer_id: [customerId] }} />
      </div>
    </div>
  );
}

function Customer({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ["customers", "one", id],
    queryFn: () => body(intake.GET("/v1/customers/{customer_id}", { params: { path: { customer_id: id } } })),
  });
  return (
    <section className="panel" aria-labelledby="customer">
      <h2 id="customer">{t("ticket.customer")}</h2>
      {error && <Failure error={error} />}
      {data && (
        <Facts
          of={[
            [t("ticket.name"), data.name ?? t("ticket.hidden")],
            [t("ticket.phones"), data.phones?.map(({ typed }) => <MaskedPhone key={typed} number={typed} />)],
            [t("ticket.address"), data.address],
          ]}
        />
      )}
    </section>
  );
}

function Contracts({ of }: { of: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data } = useContractsOf(of);
  return (
    <section className="panel" aria-labelledby="contracts">
      <h2 id="contracts">{t("accounts.contracts")}</h2>
      {data?.length === 0 && <Empty>{t("accounts.noContracts")}</Empty>}
      {data && data.length > 0 && (
        <ul>
          {data.map(({ id, number, kind, ended_at }) => (
            <li key={id}>
              <Link to="/contracts/$contractId" params={{ contractId: id }}>
                {number}
              </Link>{" "}
              {label("contract_kind", kind)}
              {ended_at && ` · ${t("accounts.over")}`}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Assets({ of }: { of: string }) {
  const { t } = useTranslation();
  const { data } = useAssetsOf(of);
  return (
    <section className="panel" aria-labelledby="assets">
      <h2 id="assets">{t("accounts.assets")}</h2>
      {data?.length === 0 && <Empty>{t("accounts.noAssets")}</Empty>}
      {data && data.length > 0 && (
        <ul>
          {data.map(({ id, model, serial, region, retired_at }) => (
            <li key={id}>
              <Link to="/devices/$assetId" params={{ assetId: id }}>
                {[model, serial].filter(Boolean).join(" · ")}
              </Link>{" "}
              {region}
              {retired_at && ` · ${t("accounts.over")}`}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
