import { Button, Form, Input } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { hasRole, usePerson } from "../../../lib/person";
import { dateTime } from "../../../lib/times";
import { ActDialog } from "../../ActDialog";
import { Choice } from "../../Choice";
import { type AssetRead, useContractsOf } from "../accounts";
import { blankSite, type DaysValues, onShelf, PART, type PartValues } from "./assetForm";
import { DaysFields } from "./DaysFields";
import { today } from "./given";
import {
  type CardValues,
  cover,
  date,
  expand,
  issue,
  KEEP_ASSETS,
  type MoveValues,
  move,
  type ReplacementValues,
  replace,
  retire,
  type UseValues,
  use,
} from "./orders";
import { PartFields } from "./PartFields";
import { SiteFields } from "./SiteFields";
import "../../filing.css";

interface DialogProps {
  shown: AssetRead;
  now: AssetRead;
  onClose: () => void;
}

const DIALOGS = {
  date: DateDialog,
  issue: IssueDialog,
  cover: CoverDialog,
  move: MoveDialog,
  replace: ReplaceDialog,
  expand: ExpandDialog,
  use: UseDialog,
  retire: RetireDialog,
};
type Act = keyof typeof DIALOGS;
const WHILE_USED: readonly Act[] = ["move", "replace", "expand", "use", "retire"];

/** What an agent may note of an asset. */
export function AssetActs({ read }: { read: AssetRead }) {
  const { t } = useTranslation();
  const isKeeper = hasRole(usePerson(), KEEP_ASSETS);
  const [shown, setShown] = useState<{ act: Act; read: AssetRead } | null>(null);
  if (!isKeeper) return null;
  const all = Object.keys(DIALOGS) as Act[];
  const { retired_at, days, parts } = read.asset;
  const idle: Partial<Record<Act, boolean>> = { issue: !!days.card_number, use: onShelf(parts).length === 0 };
  const acts = all.filter((act) => !(retired_at && WHILE_USED.includes(act)) && !idle[act]);
  const Dialog = shown && DIALOGS[shown.act];
  return (
    <div className="acts">
      {acts.map((act) => (
        <Button key={act} onClick={() => setShown({ act, read })}>
          {t(`keeping.${act}`)}
        </Button>
      ))}
      {Dialog && <Dialog shown={shown.read} now={read} onClose={() => setShown(null)} />}
    </div>
  );
}

function DateDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => daysOf(shown.asset.days), [shown]);
  return (
    <ActDialog<AssetRead, DaysValues>
      title={t("keeping.date")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={date}
    >
      <DaysFields />
    </ActDialog>
  );
}

function IssueDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => ({ occurred_at: today(), number: "" }), []);
  return (
    <ActDialog<AssetRead, CardValues>
      title={t("keeping.issue")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={issue}
    >
      <Form.Item name="occurred_at" label={t("keeping.issuedOn")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="number" label={t("keeping.newCard")}>
        <Input maxLength={limitOf("NewCard", "number").max} autoComplete="off" />
      </Form.Item>
    </ActDialog>
  );
}

function daysOf({ acceptance_date, completion_date, card_number, card_date }: AssetRead["asset"]["days"]): DaysValues {
  return {
    acceptance_date: acceptance_date ?? "",
    completion_date: completion_date ?? "",
    card_number: card_number ?? "",
    card_date: card_date ?? "",
  };
}

function CoverDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const { data } = useContractsOf(shown.asset.customer_id);
  const others = (data ?? []).filter(({ id }) => !shown.asset.contracts.includes(id));
  return (
    <ActDialog<AssetRead, { contract_id: string }>
      title={t("keeping.cover")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, onClose }}
      blank={{ contract_id: "" }}
      send={cover}
    >
      <Form.Item
        name="contract_id"
        label={t("accounts.contracts")}
        rules={[{ required: true, message: t("register.required", { field: t("accounts.contracts") }) }]}
      >
        <Choice
          of={[
            { value: "", label: t("keeping.unsaid") },
            ...others.map(({ id, number }) => ({ value: id, label: number })),
          ]}
        />
      </Form.Item>
    </ActDialog>
  );
}

function MoveDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => ({ occurred_at: today(), site: { ...blankSite(), ...zoneOf(shown) } }), [shown]);
  return (
    <ActDialog<AssetRead, MoveValues>
      title={t("keeping.move")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={move}
    >
      <Form.Item name="occurred_at" label={t("keeping.movedOn")}>
        <Input type="date" />
      </Form.Item>
      <SiteFields />
    </ActDialog>
  );
}

function zoneOf({ asset }: AssetRead): { timezone?: string } {
  const timezone = asset.sites.at(-1)?.timezone;
  return timezone ? { timezone } : {};
}

function ReplaceDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const parts = shown.asset.parts.filter(({ replaced_on }) => !replaced_on);
  const [first] = parts;
  const blank = useMemo(() => {
    const by = { ...PART, component_class: first?.component_class ?? "" };
    return { part_id: first?.id ?? "", taken_out_on: today(), by };
  }, [first]);
  return (
    <ActDialog<AssetRead, ReplacementValues>
      title={t("keeping.replace")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={replace}
    >
      <div className="fields">
        <Form.Item name="part_id" label={t("keeping.takenOut")}>
          <Choice of={parts.map(({ id }) => ({ value: id, label: id }))} />
        </Form.Item>
        <Form.Item name="taken_out_on" label={t("accounts.takenOut")}>
          <Input type="date" />
        </Form.Item>
      </div>
      <fieldset className="listed">
        <legend>{t("keeping.putIn")}</legend>
        <PartFields at={["by"]} replaces />
      </fieldset>
    </ActDialog>
  );
}

function ExpandDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => ({ part: { ...PART, kind: "expansion" as const, installed_on: today() } }), []);
  return (
    <ActDialog<AssetRead, { part: PartValues }>
      title={t("keeping.expand")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={expand}
    >
      <PartFields at={["part"]} />
    </ActDialog>
  );
}

/** 启用备件: which one, since when, and what it was put in for. */
function UseDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const spares = onShelf(shown.asset.parts);
  const others = shown.asset.parts.filter((part) => !part.replaced_on && !spares.includes(part));
  const first = spares[0]?.id ?? "";
  const blank = useMemo(() => ({ part_id: first, used_on: today(), replaces: "" }), [first]);
  return (
    <ActDialog<AssetRead, UseValues>
      title={t("keeping.use")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={use}
    >
      <p>{t("keeping.useHint")}</p>
      <Form.Item name="part_id" label={t("keeping.spare")}>
        <Choice of={spares.map(({ id }) => ({ value: id, label: id }))} />
      </Form.Item>
      <Form.Item name="used_on" label={t("keeping.usedOn")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="replaces" label={t("keeping.inPlaceOf")}>
        <Choice
          of={[{ value: "", label: t("keeping.nothingOut") }, ...others.map(({ id }) => ({ value: id, label: id }))]}
        />
      </Form.Item>
    </ActDialog>
  );
}

function RetireDialog({ shown, now, onClose }: DialogProps) {
  const { t } = useTranslation();
  const fields = useFields();
  const blank = useMemo(() => ({ occurred_at: today() }), []);
  return (
    <ActDialog<AssetRead, { occurred_at: string }>
      title={t("keeping.retire")}
      changedTitle={t("keeping.changed")}
      {...{ shown, now, fields, blank, onClose }}
      send={retire}
    >
      <p>{t("keeping.retireSure")}</p>
      <Form.Item name="occurred_at" label={t("keeping.retiredOn")}>
        <Input type="date" />
      </Form.Item>
    </ActDialog>
  );
}

function namesOf(parts: readonly { id: string }[]): string {
  return parts.map(({ id }) => id).join(" · ");
}

/** What another may have changed of it meanwhile. */
function useFields() {
  const { t } = useTranslation();
  return [
    [t("accounts.acceptance"), ({ asset }: AssetRead) => asset.days.acceptance_date],
    [t("accounts.completion"), ({ asset }: AssetRead) => asset.days.completion_date],
    [t("keeping.cardNumber"), ({ asset }: AssetRead) => asset.days.card_number],
    [t("accounts.contracts"), ({ asset }: AssetRead) => String(asset.contracts.length)],
    [t("queue.region"), ({ asset }: AssetRead) => asset.region],
    [t("accounts.parts"), ({ asset }: AssetRead) => namesOf(asset.parts)],
    [t("keeping.spare"), ({ asset }: AssetRead) => namesOf(onShelf(asset.parts))],
    [t("accounts.retired"), ({ asset }: AssetRead) => asset.retired_at && dateTime(asset.retired_at)],
  ] as const;
}
