import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../../lib/person";
import { Empty } from "../../../ui/Empty";
import { Failure } from "../../../ui/Failure";
import { Loading } from "../../../ui/Loading";
import { Terms } from "../Terms";
import { FilingForm } from "./FilingForm";
import { ModelFields } from "./ModelFields";
import { type Model, type ModelValues, modelValues } from "./modelForm";
import { amend, KEEP_MODELS, type ModelRead, useModel } from "./models";
import "../accounts.css";
import "../../filing.css";

const route = getRouteApi("/models/$modelId");

/** 产品型号: its default terms and its components; a manager says all of it anew. */
export function ModelPage() {
  const { t } = useTranslation();
  const { modelId } = route.useParams();
  const { data, error, isPending, refetch } = useModel(modelId);
  return (
    <div className="page">
      <Link to="/models">{t("models.title")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={6} />}
      {data && <Content key={modelId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: ModelRead }) {
  const { t } = useTranslation();
  const mayKeep = hasRole(usePerson(), KEEP_MODELS);
  /** What is being changed, as it was read when that began. */
  const [begun, setBegun] = useState<ModelRead | null>(null);
  return (
    <>
      <div className="page-head">
        <h1>{t("models.model", { name: read.model.name })}</h1>
        {mayKeep && !begun && <Button onClick={() => setBegun(read)}>{t("models.amend")}</Button>}
      </div>
      {begun ? <Change read={begun} onDone={() => setBegun(null)} /> : <Said of={read.model} />}
    </>
  );
}

function Change({ read, onDone }: { read: ModelRead; onDone: () => void }) {
  const { t } = useTranslation();
  const values = useMemo(() => modelValues(read.model), [read]);
  return (
    <>
      <FilingForm<ModelValues>
        name={`model/${read.model.id}`}
        blank={values}
        send={(said, key) => amend(read, said, key)}
        onFiled={onDone}
      >
        <ModelFields named />
      </FilingForm>
      <Button onClick={onDone}>{t("models.leave")}</Button>
    </>
  );
}

function Said({ of }: { of: Model }) {
  const { t } = useTranslation();
  return (
    <div className="account">
      <section className="panel" aria-labelledby="defaults">
        <h2 id="defaults">{t("models.terms")}</h2>
        {of.maker && <p>{of.maker}</p>}
        <p>{t("models.termsHint")}</p>
        {of.terms.length > 0 ? <Terms of={of.terms} /> : <Empty>{t("models.noTerms")}</Empty>}
      </section>
      <section className="panel" aria-labelledby="made-of">
        <h2 id="made-of">{t("models.components")}</h2>
        {of.components.length === 0 && <Empty>{t("models.noComponents")}</Empty>}
        <ul>
          {of.components.map(({ id, component_class, parent }) => (
            <li key={id}>
              <strong>{id}</strong> {component_class} {parent && `· ${t("accounts.partOf")} ${parent}`}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
