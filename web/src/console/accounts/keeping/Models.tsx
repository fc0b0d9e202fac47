import { Link, useNavigate } from "@tanstack/react-router";
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../../lib/person";
import { Empty } from "../../../ui/Empty";
import { Failure } from "../../../ui/Failure";
import { Loading } from "../../../ui/Loading";
import { FilingForm } from "./FilingForm";
import { ModelFields } from "./ModelFields";
import { BLANK, type ModelValues } from "./modelForm";
import { define, KEEP_MODELS, useModels } from "./models";
import "../../filing.css";

/** 产品型号: what customers' assets are, by name; a manager puts further ones on file. */
export function Models() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <h1>{t("models.title")}</h1>
      <Found />
      {hasRole(usePerson(), KEEP_MODELS) && <New />}
    </div>
  );
}

function Found() {
  const { t } = useTranslation();
  const [begins, setBegins] = useState("");
  const { data, error, isPending, refetch } = useModels(begins);
  return (
    <section className="panel" aria-labelledby="models">
      <h2 id="models">{t("models.found")}</h2>
      <label htmlFor="begins">{t("models.begins")}</label>{" "}
      <Input id="begins" value={begins} maxLength={100} onChange={({ target }) => setBegins(target.value)} />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={3} />}
      {data?.length === 0 && <Empty>{t("models.none")}</Empty>}
      <ul>
        {data?.map(({ id, name, maker }) => (
          <li key={id}>
            <Link to="/models/$modelId" params={{ modelId: id }}>
              {name}
            </Link>{" "}
            {maker}
          </li>
        ))}
      </ul>
    </section>
  );
}

function New() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <h2>{t("models.define")}</h2>
      <FilingForm<ModelValues>
        name="model"
        blank={BLANK}
        send={define}
        onFiled={(modelId) => void navigate({ to: "/models/$modelId", params: { modelId } })}
      >
        <ModelFields />
      </FilingForm>
    </>
  );
}
