import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Button, Checkbox, Form, Input } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { hasRole, usePerson } from "../../../lib/person";
import { Choice, useCodes } from "../../Choice";
import { useContractsOf } from "../accounts";
import { type AssetValues, blankAsset, PART, withModels } from "./assetForm";
import { DaysFields } from "./DaysFields";
import { FilingForm } from "./FilingForm";
import { Listed } from "./Listed";
import { useModel, useModels } from "./models";
import { Nobodys } from "./Nobodys";
import { install, KEEP_ASSETS } from "./orders";
import { PartFields } from "./PartFields";
import { SiteFields } from "./SiteFields";
import "../../filing.css";

const route = getRouteApi("/accounts/$customerId/device");

/** 设备建档: what a customer owns goes on file, part by part. */
export function InstallAsset() {
  return hasRole(usePerson(), KEEP_ASSETS) ? <Page /> : <Nobodys roles={KEEP_ASSETS} />;
}

function Page() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { customerId } = route.useParams();
  const blank = useMemo(blankAsset, []);
  return (
    <div className="page">
      <Link to="/accounts/$customerId" params={{ customerId }}>
        {t("accounts.toFile")}
      </Link>
      <h1>{t("keeping.install")}</h1>
      <FilingForm<AssetValues>
        key={customerId}
        name={`asset/${customerId}`}
        blank={blank}
        send={(values, key) => install(customerId, values, key)}
        onFiled={(assetId) => void navigate({ to: "/devices/$assetId", params: { assetId } })}
      >
        <Identity />
        <section className="panel" aria-labelledby="place">
          <h2 id="place">{t("keeping.site")}</h2>
          <SiteFields />
        </section>
        <section className="panel" aria-labelledby="begins">
          <h2 id="begins">{t("keeping.days")}</h2>
          <DaysFields within={["days"]} />
          <Contracts of={customerId} />
        </section>
        <section className="panel" aria-labelledby="made-of">
          <h2 id="made-of">{t("accounts.parts")}</h2>
          <Listed name="parts" one="component" blank={PART} least={1} most={500}>
            {(place) => <PartFields at={[place]} />}
          </Listed>
        </section>
      </FilingForm>
    </div>
  );
}

function Identity() {
  const { t } = useTranslation();
  const codes = useCodes();
  return (
    <section className="panel" aria-labelledby="identity">
      <h2 id="identity">{t("accounts.about")}</h2>
      <div className="fields">
        <Form.Item name="model" label={t("keeping.model")} required>
          <Input maxLength={limitOf("NewAsset", "model").max} autoComplete="off" list="models" />
        </Form.Item>
        {(["serial", "lot", "maker", "supplier"] as const).map((name) => (
          <Form.Item key={name} name={name} label={t(`accounts.${name}`)}>
            <Input maxLength={limitOf("NewAsset", name).max} autoComplete="off" />
          </Form.Item>
        ))}
        <Form.Item name="sold_as" label={t("accounts.soldAs")}>
          <Choice of={codes("sold_as")} />
        </Form.Item>
      </div>
      <Models />
    </section>
  );
}

/** Models on file that begin as what is typed; the one that is named adds what it has and is not typed. */
function Models() {
  const form = Form.useFormInstance<AssetValues>();
  const typed = (Form.useWatch("model", form) ?? "").trim();
  const { data } = useModels(typed);
  const named = data?.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
  return (
    <>
      <datalist id="models">
        {data?.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
      {named && <Take key={named.id} id={named.id} />}
    </>
  );
}

function Take({ id }: { id: string }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<AssetValues>();
  const { data } = useModel(id);
  if (!data) return null;
  const { maker, components } = data.model;
  function take(): void {
    const typed: AssetValues = form.getFieldsValue(true);
    if (maker && !typed.maker.trim()) form.setFieldValue("maker", maker);
    if (components.length > 0) form.setFieldValue("parts", withModels(typed.parts, components));
  }
  return <Button onClick={take}>{t("models.take")}</Button>;
}

/** The customer's contracts that it is under. */
function Contracts({ of }: { of: string }) {
  const { t } = useTranslation();
  const { data } = useContractsOf(of);
  const options = (data ?? []).map(({ id, number }) => ({ value: id, label: number }));
  return (
    <Form.Item name="contracts" label={t("accounts.contracts")}>
      <Checkbox.Group options={options} />
    </Form.Item>
  );
}
