import { getRouteApi, Link } from "@tanstack/react-router";
import { Button, Form } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { differences, type Field } from "../../../lib/differences";
import { hasRole, usePerson } from "../../../lib/person";
import { Conflict } from "../../../ui/Conflict";
import { Empty } from "../../../ui/Empty";
import { Failure } from "../../../ui/Failure";
import { Loading } from "../../../ui/Loading";
import { useLabel } from "../../labels";
import { Terms } from "../Terms";
import { FilingForm } from "./FilingForm";
import { ModelFields } from "./ModelFields";
import { changeOf, type ModelChange, renewed } from "./modelChange";
import type { Model, ModelValues } from "./modelForm";
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
      {begun ? <Change read={begun} now={read} onDone={() => setBegun(null)} /> : <Said of={read.model} />}
    </>
  );
}

interface ChangeProps {
  /** As it was read when the change began. */
  read: ModelRead;
  now: ModelRead;
  onDone: () => void;
}

function Change({ read, now, onDone }: ChangeProps) {
  const { t } = useTranslation();
  const begun = useMemo(() => changeOf(read), [read]);
  return (
    <>
      <FilingForm<ModelChange>
        name={`model-change/${read.model.id}`}
        blank={begun}
        send={(change, key) => amend(read.model.id, change, key)}
        onFiled={onDone}
      >
        <Newer now={now} />
        <ModelFields named />
      </FilingForm>
      <Button onClick={onDone}>{t("models.leave")}</Button>
    </>
  );
}

/** What others changed since the change began, perhaps in a draft, until its writer goes on from there. */
function Newer({ now }: { now: ModelRead }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<ModelChange>();
  const from = Form.useWatch("from", { form, preserve: true }) as ModelChange["from"] | undefined;
  const fieldsOf = useFields();
  if (!from || from.etag === now.etag) return null;
  const { values } = changeOf(now).from;
  return (
    <section className="panel" aria-label={t("keeping.changed")}>
      <Conflict
        title={t("keeping.changed")}
        changed={differences(fieldsOf([from.values, values]), from.values, values)}
        elsewhere={t("models.renewHint")}
      />
      <p>{t("models.renewHint")}</p>
      <Button onClick={() => form.setFieldsValue(renewed(form.getFieldsValue(true), now))}>{t("models.renew")}</Button>
    </section>
  );
}

/** The fields of two readings of a model: each class that has a term, and each component, is one. */
function useFields() {
  const { t } = useTranslation();
  const label = useLabel();
  const termOf = (values: ModelValues, name: string) => {
    const term = values.terms.find(({ component_class }) => component_class === name);
    if (!term) return null;
    const { component_class, months, start_rule, ...rest } = term;
    const said = [t("accounts.months", { count: Number(months) }), start_rule && label("start_rule", start_rule)];
    return [...said, ...Object.values(rest)].filter(Boolean).join(" · ");
  };
  const componentOf = (values: ModelValues, name: string) => {
    const found = values.components.find(({ id }) => id === name);
    return found && [found.component_class, found.parent].filter(Boolean).join(" · ");
  };
  return (both: readonly ModelValues[]): Field<ModelValues>[] => {
    const classes = new Set(both.flatMap(({ terms }) => terms.map(({ component_class }) => component_class)));
    const ids = new Set(both.flatMap(({ components }) => components.map(({ id }) => id)));
    return [
      [t("accounts.maker"), ({ maker }) => maker],
      ...[...classes].map((name): Field<ModelValues> => [`${t("models.terms")} ${name}`, (of) => termOf(of, name)]),
      ...[...ids].map((name): Field<ModelValues> => [`${t("accounts.part")} ${name}`, (of) => componentOf(of, name)]),
    ];
  };
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
