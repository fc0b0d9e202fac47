import { Button } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "../../lib/keys";
import { hasRole, usePerson } from "../../lib/person";
import { type Act, actsOn, MAY_ACT } from "./acts";
import { CaseDialog } from "./CaseDialog";
import type { Read, TicketDetails } from "./case";

interface ActsProps {
  read: Read;
  /** Unknown while intake has not answered. */
  ticket: TicketDetails | undefined;
}

/** What may be decided next, each in a dialog of its own; `.` goes to the first. */
export function Acts({ read, ticket }: ActsProps) {
  const { t } = useTranslation();
  const person = usePerson();
  const box = useRef<HTMLFieldSetElement>(null);
  const [open, setOpen] = useState<{ act: Act; read: Read } | null>(null);
  useShortcuts(useMemo(() => ({ ".": () => box.current?.querySelector("button")?.focus() }), []));
  const acts = actsOn(read.found);
  if (acts.length === 0 || !hasRole(person, MAY_ACT)) return null;
  return (
    <>
      <fieldset ref={box} className="acts" aria-label={t("ticket.acts")}>
        {acts.map((act, index) => (
          <Button key={act} type={index === 0 ? "primary" : "default"} onClick={() => setOpen({ act, read })}>
            {t(`triage.${act}`)}
          </Button>
        ))}
      </fieldset>
      {open && <CaseDialog act={open.act} shown={open.read} now={read} ticket={ticket} onClose={() => setOpen(null)} />}
    </>
  );
}
