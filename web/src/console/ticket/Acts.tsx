import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { ActDialog } from "./ActDialog";
import { type Act, actsOn, MAY_ACT } from "./acts";
import type { Read } from "./ticket";

/** What may be done next; each in a dialog of its own. */
export function Acts({ read }: { read: Read }) {
  const { t } = useTranslation();
  const person = usePerson();
  const [open, setOpen] = useState<{ act: Act; read: Read } | null>(null);
  const acts = actsOn(read.ticket.status);
  if ((acts.length === 0 && !open) || !hasRole(person, MAY_ACT)) return null; // who is at it sees why not
  return (
    <>
      <fieldset className="acts" aria-label={t("ticket.acts")}>
        {acts.map((act) => (
          <Button key={act} type={act === "close" ? "primary" : "default"} onClick={() => setOpen({ act, read })}>
            {t(`ticket.${act}`)}
          </Button>
        ))}
      </fieldset>
      {open && <ActDialog act={open.act} shown={open.read} now={read} onClose={() => setOpen(null)} />}
    </>
  );
}
