import { Link } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../../lib/person";
import { dateTime } from "../../../lib/times";
import { ActDialog } from "../../ActDialog";
import type { ContractRead } from "../accounts";
import { ConditionFields } from "./ConditionFields";
import { type AmendmentValues, blankAmendment, CHANGE } from "./contractForm";
import { today } from "./given";
import { Listed } from "./Listed";
import { amend, type EndValues, end, KEEP_CONTRACTS } from "./orders";
import { TermFields } from "./TermFields";
import "../../filing.css";

type Act = "amend" | "end";

/** What a manager may do with a contract: amend it, extend it, end it. */
export function ContractActs({ read }: { read: ContractRead }) {
  const { t } = useTranslation();
  const isKeeper = hasRole(usePerson(), KEEP_CONTRACTS);
  const [shown, setShown] = useState<{ act: Act; read: ContractRead } | null>(null);
  const { id, customer_id, ended_at } = read.contract;
  if (!isKeeper) return null;
  const Dialog = shown?.act === "end" ? EndDialog : AmendDialog;
  return (
    <div className="acts">
      {!ended_at && <Button onClick={() => setShown({ act: "amend", read })}>{t("keeping.amend")}</Button>}
      {customer_id && (
        <Link to="/accounts/$customerId/contract" params={{ customerId: customer_id }} search={{ extends: id }}>
          {t("keeping.extend")}
        </Link>
      )}
      {!ended_at && <Button onClick={() => setShown({ act: "end", read })}>{t("keeping.end")}</Button>}
      {shown && <Dialog shown={shown.read} now={read} onClose={() => setShown(null)} />}
    </div>
  );
}

interface DialogProps {
  shown: ContractRead;
  now: ContractRead;
  onClose: () => void;
}

function AmendDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => blankAmendment(shown.contract), [shown]);
  return (
    <ActDialog<ContractRead, AmendmentValues>
      title={t("keeping.amend")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={amend}
    >
      <Form.Item name="occurred_at" label={t("keeping.agreedOn")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="order" label={t("keeping.order")}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Listed name="changes" one="change" blank={CHANGE} most={100}>
        {(place) => <TermFields of="changes" place={place} />}
      </Listed>
      <details>
        <summary>{t("keeping.conditions")}</summary>
        <ConditionFields />
      </details>
    </ActDialog>
  );
}

function EndDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => ({ occurred_at: today(), reason: "" }), []);
  return (
    <ActDialog<ContractRead, EndValues>
      title={t("keeping.end")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={end}
    >
      <Form.Item name="occurred_at" label={t("keeping.endsOn")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="reason" label={t("keeping.reason")}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </ActDialog>
  );
}

/** What another may have changed of it meanwhile. */
function useFields() {
  const { t } = useTranslation();
  return [
    [t("accounts.ended"), ({ contract }: ContractRead) => contract.ended_at && dateTime(contract.ended_at)],
    [t("accounts.amendments"), ({ contract }: ContractRead) => String(contract.amendments.length)],
    [t("accounts.extendedBy"), ({ contract }: ContractRead) => String(contract.extended_by.length)],
  ] as const;
}
