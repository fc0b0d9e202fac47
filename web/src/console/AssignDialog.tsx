import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Loading } from "../ui/Loading";
import { type Owned, useColleagues, useOwner } from "./owner";

/** Asks to whom a ticket is given, of the colleagues who are known to the register. */
export function AssignDialog({ ticket, onClose }: { ticket: Owned; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, isPending } = useColleagues();
  const [chosen, setChosen] = useState(ticket.owner_id);
  const assign = useOwner();
  const others = data?.items ?? [];
  return (
    <Dialog title={t("owner.assignTitle", { number: ticket.number })} onClose={onClose}>
      {isPending && <Loading lines={3} />}
      {data && others.length === 0 && <Empty>{t("owner.nobodyKnown")}</Empty>}
      {others.length > 0 && <Colleagues of={others} value={chosen} onChange={setChosen} />}
      {(assign.error ?? error) && <Failure error={assign.error ?? error} />}
      <div className="acts">
        <Button
          type="primary"
          loading={assign.isPending}
          disabled={chosen === null || chosen === ticket.owner_id}
          onClick={() => assign.mutate({ ticket, owner: chosen }, { onSuccess: onClose })}
        >
          {t("owner.assign")}
        </Button>
        <Button onClick={onClose}>{t("act.abandon")}</Button>
      </div>
    </Dialog>
  );
}

interface ColleaguesProps {
  of: { id: string; name: string }[];
  value: string | null;
  onChange: (id: string) => void;
}

function Colleagues({ of, value, onChange }: ColleaguesProps) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className="colleagues">
      <legend>{t("owner.to")}</legend>
      {of.map((each) => (
        <label key={each.id}>
          <input type="radio" name={name} checked={each.id === value} onChange={() => onChange(each.id)} /> {each.name}
        </label>
      ))}
    </fieldset>
  );
}
