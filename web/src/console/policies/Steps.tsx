import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../../lib/act";
import { hasRole, type Person, usePerson } from "../../lib/person";
import { CommandDialog } from "../../ui/CommandDialog";
import { Conflict } from "../../ui/Conflict";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { AUTHORS, DIRECTORS } from "./policies";
import { type Standing, type Step, take } from "./steps";

/** What a rule's status allows next, for those who may; the service decides again. */
function stepsOn({ rule: { status, in_force } }: Standing, person: Person): Step[] {
  if (!hasRole(person, DIRECTORS)) return [];
  const next = { draft: ["approval"], approved: ["publication"], published: [], retired: [] } as const;
  return [...next[status], ...(in_force ? (["retirement"] as const) : [])];
}

interface StepsProps {
  standing: Standing;
  /** Goes to where the next version is drafted. */
  onDraft: () => void;
}

/** Draft the next version, approve, publish, retire. */
export function Steps({ standing, onDraft }: StepsProps) {
  const { t } = useTranslation();
  const person = usePerson();
  const [open, setOpen] = useState<{ step: Step; standing: Standing } | null>(null);
  return (
    <>
      <fieldset className="acts" aria-label={t("ticket.acts")}>
        {hasRole(person, AUTHORS) && <Button onClick={onDraft}>{t("policies.write")}</Button>}
        {stepsOn(standing, person).map((step) => (
          <Button key={step} onClick={() => setOpen({ step, standing })}>
            {t(`policies.step.${step}`)}
          </Button>
        ))}
      </fieldset>
      {open && <StepDialog step={open.step} shown={open.standing} now={standing} onClose={() => setOpen(null)} />}
    </>
  );
}

interface StepDialogProps {
  step: Step;
  shown: Standing;
  now: Standing;
  onClose: () => void;
}

function StepDialog({ step, shown, now, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const run = useAct<Standing, Step>({ shown, now, send: take, onDone: onClose });
  const status = ({ rule }: Standing) => label("rule_status", rule.status);
  const before = status(run.seen);
  const changed = before === status(now) ? [] : [{ name: t("policies.status"), before, after: status(now) }];
  return (
    <CommandDialog
      title={t(`policies.step.${step}`)}
      isPending={run.isPending}
      conflict={
        run.conflict && (
          <Conflict title={t("policies.changed")} changed={changed} elsewhere={t("policies.changedElsewhere")} />
        )
      }
      onConfirm={() => run.confirm(step)}
      onClose={onClose}
    >
      <p>{t(`policies.means.${now.kind}.${step}`)}</p>
      {run.error && <Failure error={run.error} />}
    </CommandDialog>
  );
}
