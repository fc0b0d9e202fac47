import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { type Asset, type AssetRead, useAsset, useContracts } from "./accounts";
import { AssetActs } from "./keeping/AssetActs";
import { Papers } from "./keeping/Papers";
import { Parts } from "./Parts";
import { Tickets } from "./Tickets";
import { WarrantyCheck } from "./WarrantyCheck";
import "./accounts.css";

const route = getRouteApi("/devices/$assetId");

/** 设备: what it is, its components, where it stood, its tickets, and what its warranty says. */
export function AssetPage() {
  const { assetId } = route.useParams();
  const { data, error, isPending, refetch } = useAsset(assetId);
  return (
    <div className="page">
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={assetId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: AssetRead }) {
  const { t } = useTranslation();
  const { asset } = read;
  return (
    <>
      <Link to="/accounts/$customerId" params={{ customerId: asset.customer_id }}>
        {t("accounts.toFile")}
      </Link>
      <div className="page-head">
        <h1>{t("accounts.asset", { model: asset.model, serial: asset.serial ?? "" })}</h1>
        <AssetActs read={read} />
        <Papers of={["warranty-card", "asset-label"]} id={asset.id} />
      </div>
      <div className="account">
        <About asset={asset} />
        <WarrantyCheck asset={asset} />
        <Parts of={asset.parts} />
        <Sites of={asset.sites} />
        <Tickets about={{ asset_id: [asset.id] }} />
      </div>
    </>
  );
}

function About({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { days } = asset;
  const card = [days.card_number, days.card_date].filter(Boolean).join(" · ");
  return (
    <section className="panel" aria-labelledby="about">
      <h2 id="about">{t("accounts.about")}</h2>
      <Facts
        of={[
          [t("accounts.serial"), asset.serial],
          [t("accounts.lot"), asset.lot],
          [t("accounts.maker"), asset.maker],
          [t("accounts.supplier"), asset.supplier],
          [t("accounts.soldAs"), label("sold_as", asset.sold_as)],
          [t("accounts.acceptance"), days.acceptance_date],
          [t("accounts.completion"), days.completion_date],
          [t("accounts.card"), card],
          [t("accounts.contracts"), <ContractLinks key="contracts" ids={asset.contracts} />],
          [t("accounts.retired"), asset.retired_at && dateTime(asset.retired_at)],
        ]}
      />
    </section>
  );
}

function ContractLinks({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation();
  const { data } = useContracts(ids);
  if (ids.length === 0) return t("accounts.noContracts");
  return data?.map(({ id, number }) => (
    <Link key={id} to="/contracts/$contractId" params={{ contractId: id }}>
      {number}
    </Link>
  ));
}

function Sites({ of }: { of: Asset["sites"] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="sites">
      <h2 id="sites">{t("accounts.sites")}</h2>
      <ol>
        {of.map(({ since, timezone, region, address }) => (
          <li key={since ?? ""}>
            {since ? dateTime(since, timezone) : t("accounts.first")}
            {[region, address, timezone].filter(Boolean).map((said) => ` · ${said}`)}
          </li>
        ))}
      </ol>
    </section>
  );
}
