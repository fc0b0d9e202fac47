import { Checkbox, Form, Input } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { ActDialog } from "../../ActDialog";
import type { AccountRead } from "../../account";
import { Choice, useCodes } from "../../Choice";
import { classify, notePerson, noteSite } from "./orders";
import { type Person, type PersonValues, personValues, type Site, type SiteValues, siteValues } from "./values";
import "../../filing.css";

interface DialogProps {
  shown: AccountRead;
  now: AccountRead;
  onClose: () => void;
}

/** What another may have changed of the account meanwhile. */
function useCommon({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = [
    [t("people.title"), ({ account }: AccountRead) => account.people.map(({ name }) => name).join(" · ")],
    [t("people.sites"), ({ account }: AccountRead) => account.sites.map(({ name }) => name).join(" · ")],
  ] as const;
  return { shown, now, onClose, fields, changedTitle: t("customers.changed") };
}

export function KindDialog(props: DialogProps) {
  const { t } = useTranslation();
  const codes = useCodes();
  const blank = { kind: props.shown.account.kind ?? ("person" as const) };
  return (
    <ActDialog<AccountRead, typeof blank> title={t("people.kind")} {...useCommon(props)} blank={blank} send={classify}>
      <Form.Item name="kind" label={t("people.kind")}>
        <Choice of={codes("customer_kind")} />
      </Form.Item>
    </ActDialog>
  );
}

export function PersonDialog({ of, ...props }: DialogProps & { of: Person | null }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const blank = useMemo(() => personValues(of), [of]);
  const title = of ? t("people.amend", { name: of.name ?? t("ticket.erased") }) : t("people.add");
  return (
    <ActDialog<AccountRead, PersonValues> title={title} {...useCommon(props)} blank={blank} send={notePerson(of)}>
      <Form.Item name="name" label={t("ticket.name")}>
        <Input maxLength={limitOf("NewPerson", "name").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={t("people.role")}>
        <Choice of={codes("person_role")} />
      </Form.Item>
      <Form.Item name="responsible" valuePropName="checked">
        <Checkbox>{t("people.responsible")}</Checkbox>
      </Form.Item>
      <Form.Item name="phones" label={t("customers.phones")}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 10 }} />
      </Form.Item>
      <Form.Item name="email" label={t("people.email")}>
        <Input maxLength={limitOf("NewPerson", "email").max} autoComplete="off" />
      </Form.Item>
    </ActDialog>
  );
}

export function SiteDialog({ of, ...props }: DialogProps & { of: Site | null }) {
  const { t } = useTranslation();
  const blank = useMemo(() => siteValues(of), [of]);
  const title = of ? t("people.amend", { name: of.name ?? t("ticket.erased") }) : t("people.addSite");
  return (
    <ActDialog<AccountRead, SiteValues> title={title} {...useCommon(props)} blank={blank} send={noteSite(of)}>
      <Form.Item name="name" label={t("people.siteName")}>
        <Input maxLength={limitOf("NewCustomerSite", "name").max} autoComplete="off" />
      </Form.Item>
      <Form.Item name="address" label={t("ticket.address")}>
        <Input.TextArea maxLength={limitOf("NewCustomerSite", "address").max} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
      <div className="fields">
        <Form.Item name="region" label={t("queue.region")}>
          <Input maxLength={limitOf("NewCustomerSite", "region").max} autoComplete="off" />
        </Form.Item>
        <Form.Item name="timezone" label={t("people.timezone")}>
          <Input maxLength={limitOf("NewCustomerSite", "timezone").max} autoComplete="off" />
        </Form.Item>
        <Form.Item name="latitude" label={t("people.latitude")}>
          <Input type="number" step="any" />
        </Form.Item>
        <Form.Item name="longitude" label={t("people.longitude")}>
          <Input type="number" step="any" />
        </Form.Item>
      </div>
    </ActDialog>
  );
}

interface RemovalProps extends DialogProps {
  title: string;
  send: (read: AccountRead, values: object, key: string) => Promise<unknown>;
}

export function RemovalDialog({ title, send, ...props }: RemovalProps) {
  const { t } = useTranslation();
  return (
    <ActDialog<AccountRead, object> title={title} {...useCommon(props)} blank={{}} send={send}>
      <p>{t("people.removeSure")}</p>
    </ActDialog>
  );
}
