import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../../lib/fields";
import { usePerson } from "../../../lib/person";
import { Failure } from "../../../ui/Failure";
import { Choice } from "../../Choice";
import { useKeep } from "../../keptList";
import { useLabel } from "../../labels";
import { type Filters, lasting } from "../filters";
import { type Role, savedFilters } from "./saved";

const BLANK = { name: "", is_default: false, shared_with: "" };

/** What is shown now, to be kept under a name. */
export function SaveForm({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const id = useId();
  const [written, setWritten] = useState(BLANK);
  const save = useKeep(savedFilters, () => setWritten(BLANK));
  function submit(event: FormEvent): void {
    event.preventDefault();
    const { name, is_default, shared_with } = written;
    if (!name.trim() || save.isPending) return;
    const entry = { name, is_default, shared_with: (shared_with as Role) || null, filter: lasting(filters) };
    save.mutate({ id: null, entry });
  }
  return (
    <form onSubmit={submit}>
      <label htmlFor={id}>{t("filters.name")}</label>
      <Input
        id={id}
        value={written.name}
        maxLength={limitOf("NewFilter", "name").max}
        autoComplete="off"
        onChange={({ target }) => setWritten((now) => ({ ...now, name: target.value }))}
      />
      <Sharing value={written.shared_with} onChange={(shared_with) => setWritten((now) => ({ ...now, shared_with }))} />
      <label>
        <input
          type="checkbox"
          checked={written.is_default}
          onChange={({ target }) => setWritten((now) => ({ ...now, is_default: target.checked }))}
        />{" "}
        {t("filters.byDefault")}
      </label>
      <Button htmlType="submit" loading={save.isPending}>
        {t("filters.save")}
      </Button>
      {(filters.q || filters.number) && <p>{t("filters.notKept")}</p>}
      {save.error && <Failure error={save.error} />}
    </form>
  );
}

function Sharing({ value, onChange }: { value: string; onChange: (role: string) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  const roles = usePerson().roles.map((role) => ({ value: role, label: label("role", role) }));
  return (
    <>
      <label htmlFor={id}>{t("filters.with")}</label>
      <Choice
        id={id}
        of={[{ value: "", label: t("filters.nobody") }, ...roles]}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </>
  );
}
