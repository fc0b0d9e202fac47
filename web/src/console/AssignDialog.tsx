import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Loading } from "../ui/Loading";
import { type Owned, useColleagues, useOwner } from "./owner";

/** Asks to whom a ticket is given. */
export function AssignDialog({ ticket, onClose }: { ticket: Owned; onClose: () => void }) {
  const { t } = useTranslation();
  const { mutate, error, isPending } = useOwner();
  return (
    <ColleagueDialog
      title={t("owner.assignTitle", { number: ticket.number })}
      owner={ticket.owner_id}
      error={error}
      isPending={isPending}
      onChoose={(owner) => mutate({ ticket, owner }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

interface ColleagueDialogProps {
  title: string;
  /** Who need not be chosen. */
  owner: string | null;
  error?: Error | null;
  isPending?: boolean;
  onChoose: (id: string) => void;
  onClose: () => void;
}

/** Asks for one of the colleagues who are known to the register. */
export function ColleagueDialog({ title, owner, error, isPending = false, onChoose, onClose }: ColleagueDialogProps) {
  const { t } = useTranslation();
  const known = useColleagues();
  const [chosen, setChosen] = useState(owner);
  const others = known.data?.items ?? [];
  const failed = error ?? known.error;
  return (
    <Dialog title={title} onClose={onClose}>
      {known.isPending && <Loading lines={3} />}
      {known.data && others.length === 0 && <Empty>{t("owner.nobodyKnown")}</Empty>}
      {others.length > 0 && <Colleagues of={others} value={chosen} onChange={setChosen} />}
      {failed && <Failure error={failed} />}
      <div className="acts">
        <Button
          type="primary"
          loading={isPending}
          disabled={chosen === null || chosen === owner}
          onClick={() => chosen !== null && onChoose(chosen)}
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
