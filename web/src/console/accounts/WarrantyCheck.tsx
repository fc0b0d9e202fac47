import { Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../../ui/Failure";
import { type Question, useWarrantyOf } from "../assets";
import { codes, useLabel } from "../labels";
import { Verdict } from "../Verdict";
import type { Asset } from "./accounts";

/** 保修查询: a component, a day, a cause, and what the warranty says of them. */
export function WarrantyCheck({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const label = useLabel();
  const [asked, ask] = useState<Question>({});
  const { data, error } = useWarrantyOf(asset.id, asked);
  const [part, day, cause] = [useId(), useId(), useId()];
  const parts = asset.parts.map(({ id }) => ({ value: id, label: id }));
  const causes = codes("warranty_cause").map((value) => ({ value, label: label("warranty_cause", value) }));
  return (
    <section className="panel" aria-labelledby="warranty">
      <h2 id="warranty">{t("accounts.check")}</h2>
      <div className="check">
        <label htmlFor={part}>{t("accounts.part")}</label>
        <Select
          id={part}
          options={parts}
          value={asked.component ?? asset.parts[0]?.id ?? null}
          onChange={(component) => ask({ ...asked, component: component ?? null })}
        />
        <label htmlFor={day}>{t("accounts.on")}</label>
        <Input id={day} type="date" onChange={({ target }) => ask({ ...asked, on: noon(target.value) })} />
        <label htmlFor={cause}>{t("accounts.cause")}</label>
        <Select
          id={cause}
          allowClear
          placeholder={t("accounts.causeUnknown")}
          options={causes}
          value={asked.cause ?? null}
          onChange={(value) => ask({ ...asked, cause: value ?? null })}
        />
      </div>
      {error && <Failure error={error} />}
      {data && <Verdict of={data} />}
    </section>
  );
}

/** Noon of a day where the asker is: far from both its ends, wherever the asset stands. */
function noon(day: string): string | null {
  return day ? new Date(`${day}T12:00:00`).toISOString() : null;
}
