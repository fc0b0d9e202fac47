import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { type Contract, type ContractRead, useContract } from "./accounts";
import { ContractActs } from "./keeping/ContractActs";
import { Papers } from "./keeping/Papers";
import { Terms } from "./Terms";
import { Tickets } from "./Tickets";
import "./accounts.css";

const route = getRouteApi("/contracts/$contractId");

/** 合同: what was promised when it was signed, and what was agreed since. */
export function ContractPage() {
  const { contractId } = route.useParams();
  const { data, error, isPending, refetch } = useContract(contractId);
  return (
    <div className="page">
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={contractId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: ContractRead }) {
  const { t } = useTranslation();
  const { contract } = read;
  return (
    <>
      {contract.customer_id && (
        <Link to="/accounts/$customerId" params={{ customerId: contract.customer_id }}>
          {t("accounts.toFile")}
        </Link>
      )}
      <div className="page-head">
        <h1>{t("accounts.contract", { number: contract.number })}</h1>
        <ContractActs read={read} />
        <Papers of={["service-contract"]} id={contract.id} />
      </div>
      <div className="account">
        <About contract={contract} />
        <section className="panel" aria-labelledby="terms">
          <h2 id="terms">{t("accounts.terms")}</h2>
          <Terms of={contract.terms} />
        </section>
        <Prices of={contract.conditions.prices ?? []} />
        <Budget of={contract.conditions.budget ?? []} />
        <Amendments of={contract.amendments} />
        <Tickets about={{ contract_id: [contract.id] }} />
      </div>
    </>
  );
}

function About({ contract }: { contract: Contract }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { conditions } = contract;
  const entitled = conditions.entitlements ?? [];
  const services = entitled.map(
    ({ service, times, per }) => `${label("entitled_service", service)} ${times} × ${label("entitled_per", per)}`,
  );
  return (
    <section className="panel" aria-labelledby="about">
      <h2 id="about">{t("accounts.about")}</h2>
      <Facts
        of={
          [
            [t("accounts.kind"), label("contract_kind", contract.kind)],
            [t("accounts.signed"), dateTime(contract.signed_at)],
            [
              t("accounts.ended"),
              contract.ended_at && [dateTime(contract.ended_at), contract.end_reason].filter(Boolean).join(" · "),
            ],
            [t("accounts.extends"), contract.extends && <Other key="extends" id={contract.extends} />],
            [t("accounts.extendedBy"), contract.extended_by.map((id) => <Other key={id} id={id} />)],
            [t("accounts.level"), conditions.service_level],
            [t("accounts.labourCap"), yuan(conditions.labour_cap)],
            [
              t("accounts.travel"),
              conditions.travel_free != null && t(conditions.travel_free ? "accounts.free" : "accounts.charged"),
            ],
            [t("accounts.entitlements"), services.join(" · ")],
          ].filter(([, said]) => said !== false && !(Array.isArray(said) && said.length === 0)) as [string, string][]
        }
      />
    </section>
  );
}

function Other({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/contracts/$contractId" params={{ contractId: id }}>
      {t("accounts.open")}
    </Link>
  );
}

function yuan(fen: number | null | undefined): string | null {
  return fen == null ? null : `¥${(fen / 100).toFixed(2)}`;
}

function Prices({ of }: { of: NonNullable<Contract["conditions"]["prices"]> }) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="prices">
      <h2 id="prices">{t("keeping.prices")}</h2>
      <Facts of={of.map(({ item, unit, price }) => [item, t("keeping.perUnit", { price: yuan(price), unit })])} />
    </section>
  );
}

function Budget({ of }: { of: NonNullable<Contract["conditions"]["budget"]> }) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  const total = of.reduce((sum, { amount }) => sum + amount, 0);
  return (
    <section className="panel" aria-labelledby="budget">
      <h2 id="budget">{t("keeping.budgetTitle")}</h2>
      <Facts of={[...of.map(({ item, amount }) => [item, yuan(amount)] as const), [t("keeping.total"), yuan(total)]]} />
    </section>
  );
}

function Amendments({ of }: { of: Contract["amendments"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <section className="panel wide" aria-labelledby="amendments">
      <h2 id="amendments">{t("accounts.amendments")}</h2>
      {of.length === 0 && <Empty>{t("accounts.noAmendments")}</Empty>}
      {of.length > 0 && (
        <ol>
          {of.map(({ agreed_at, changes, order }) => (
            <li key={agreed_at}>
              {[dateTime(agreed_at), order].filter(Boolean).join(" · ")}
              {(changes ?? []).map((change) => (
                <span key={change.component_class}>
                  {" "}
                  · {label("change_op", change.op)} {change.component_class}
                  {change.months ? ` ${t("accounts.months", { count: change.months })}` : ""}
                </span>
              ))}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
