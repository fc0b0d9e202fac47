import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../../lib/act";
import { hasRole, type Person, usePerson } from "../../lib/person";
import { CommandDialog } from "../../ui/CommandDialog";
import { Conflict } from "../../ui/Conflict";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { AUTHORS, DIRECTORS, type PolicyDetails, type Read } from "./policies";
import { type Step, take } from "./steps";

/** What the policy's status allows next, for those who may; the service decides again. */
function stepsOn({ status, in_force }: PolicyDetails, person: Person): Step[] {
  if (!hasRole(person, DIRECTORS)) return [];
  const next = { draft: ["approval"], approved: ["publication"], published: [], retired: [] } as const;
  return [...next[status], ...(in_force ? (["retirement"] as const) : [])];
}

/** Draft the next version, approve, publish, retire. */
export function Steps({ read }: { read: Read }) {
  const { t } = useTranslation();
  const person = usePerson();
  const navigate = useNavigate();
  const [open, setOpen] = useState<{ step: Step; read: Read } | null>(null);
  const params = { policyId: read.policy.id };
  return (
    <>
      <fieldset className="acts" aria-label={t("ticket.acts")}>
        {hasRole(person, AUTHORS) && (
          <Button onClick={() => void navigate({ to: "/policies/$policyId/draft", params })}>
            {t("policies.write")}
          </Button>
        )}
        {stepsOn(read.policy, person).map((step) => (
          <Button key={step} onClick={() => setOpen({ step, read })}>
            {t(`policies.step.${step}`)}
          </Button>
        ))}
      </fieldset>
      {open && <StepDialog step={open.step} shown={open.read} now={read} onClose={() => setOpen(null)} />}
    </>
  );
}

interface StepDialogProps {
  step: Step;
  shown: Read;
  now: Read;
  onClose: () => void;
}

function StepDialog({ step, shown, now, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const run = useAct<Read, Step>({ shown, now, send: take, onDone: onClose });
  const status = ({ policy }: Read) => label("rule_status", policy.status);
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
      <p>{t(`policies.means.${step}`)}</p>
      {run.error && <Failure error={run.error} />}
    </CommandDialog>
  );
}
