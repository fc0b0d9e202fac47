import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Form, Input } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { hasRole, usePerson } from "../../../lib/person";
import { language } from "../../../lib/words";
import { Choice, useCodes } from "../../Choice";
import { useContractsOf } from "../accounts";
import { ConditionFields } from "./ConditionFields";
import { blankContract, type ContractValues, TERM, termValues } from "./contractForm";
import { FilingForm } from "./FilingForm";
import { Listed } from "./Listed";
import { Nobodys } from "./Nobodys";
import { KEEP_CONTRACTS, sign, useTemplates } from "./orders";
import { TermFields } from "./TermFields";
import "../../filing.css";

const route = getRouteApi("/accounts/$customerId/contract");

/** 签订合同: what was signed goes on file, term by term, from a template too. */
export function SignContract() {
  return hasRole(usePerson(), KEEP_CONTRACTS) ? <Page /> : <Nobodys roles={KEEP_CONTRACTS} />;
}

function Page() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { customerId } = route.useParams();
  const { extends: extended = "" } = route.useSearch();
  const blank = useMemo(() => blankContract(extended), [extended]);
  return (
    <div className="page">
      <Link to="/accounts/$customerId" params={{ customerId }}>
        {t("accounts.toFile")}
      </Link>
      <h1>{t(extended ? "keeping.extend" : "keeping.sign")}</h1>
      <FilingForm<ContractValues>
        key={`${customerId}/${extended}`}
        name={`contract/${customerId}/${extended}`}
        blank={blank}
        send={(values, key) => sign(customerId, values, key)}
        onFiled={(contractId) => void navigate({ to: "/contracts/$contractId", params: { contractId } })}
      >
        <About customerId={customerId} />
        <Terms />
        <section className="panel" aria-labelledby="agreed">
          <h2 id="agreed">{t("keeping.conditions")}</h2>
          <ConditionFields />
        </section>
      </FilingForm>
    </div>
  );
}

function About({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const { data } = useContractsOf(customerId);
  const kind = Form.useWatch("kind");
  const contracts = (data ?? []).map(({ id, number }) => ({ value: id, label: number }));
  return (
    <section className="panel" aria-labelledby="signed">
      <h2 id="signed">{t("accounts.about")}</h2>
      <div className="fields">
        <Form.Item name="number" label={t("keeping.number")} required>
          <Input maxLength={limitOf("NewContract", "number").max} autoComplete="off" />
        </Form.Item>
        <Form.Item name="occurred_at" label={t("keeping.signedOn")}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="kind" label={t("accounts.kind")}>
          <Choice of={codes("contract_kind")} />
        </Form.Item>
        {kind === "extension" && (
          <Form.Item name="extends" label={t("accounts.extends")}>
            <Choice of={[{ value: "", label: t("keeping.unsaid") }, ...contracts]} />
          </Form.Item>
        )}
      </div>
    </section>
  );
}

function Terms() {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="promised">
      <h2 id="promised">{t("keeping.terms")}</h2>
      <Template />
      <Listed name="terms" one="term" blank={TERM} least={1} most={100}>
        {(place) => <TermFields of="terms" place={place} />}
      </Listed>
    </section>
  );
}

/** Fills the terms in by a plan's; what the plan left open is said. */
function Template() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<ContractValues>();
  const [row, setRow] = useState("");
  const { data } = useTemplates();
  const chosen = data?.find((template) => template.row === row);
  function choose(wanted: string): void {
    setRow(wanted);
    const template = data?.find((each) => each.row === wanted);
    if (template) form.setFieldValue("terms", template.terms.map(termValues));
  }
  const named = (data ?? []).map((each) => ({ value: each.row, label: `${each.row} ${each.title[language()] ?? ""}` }));
  return (
    <div className="template">
      <label htmlFor="template">{t("keeping.template")}</label>{" "}
      <Choice
        id="template"
        value={row}
        onChange={({ target }) => choose(target.value)}
        of={[{ value: "", label: t("keeping.noTemplate") }, ...named]}
      />
      <p role="status">{chosen?.adapt?.[language()]}</p>
    </div>
  );
}
