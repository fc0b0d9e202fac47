import { useTranslation } from "react-i18next";
import { fieldsOf } from "../../lib/differences";
import { ActDialog } from "../ActDialog";
import { isAnswered } from "../ticketCodes";
import type { Act } from "./acts";
import type { Read, TicketDetails } from "./case";
import { useFields } from "./fields";
import { FORMS } from "./forms";
import { carryOut, type Values } from "./order";

interface CaseDialogProps {
  act: Act;
  shown: Read;
  now: Read;
  ticket: TicketDetails | undefined;
  onClose: () => void;
}

/** The form of one act on a case. */
export function CaseDialog({ act, shown, now, ticket, onClose }: CaseDialogProps) {
  const { t } = useTranslation();
  const fields = fieldsOf(({ found }: Read) => found, useFields());
  const Fields = FORMS[act];
  return (
    <ActDialog<Read, Values>
      title={t(`triage.${act}`)}
      changedTitle={t("triage.changed")}
      {...{ shown, now, fields, onClose }}
      blank={before(shown, ticket)}
      send={(read, values, key) => carryOut(act, read, values, key)}
    >
      <Fields />
    </ActDialog>
  );
}

/** What the form begins with: what was found before, and the ticket's own kind of work. */
function before({ found }: Read, ticket: TicketDetails | undefined): Partial<Values> {
  const { level, maintenance_type, cause, explanation } = found;
  return {
    ...(level && { level }),
    ...(maintenance_type && { maintenance_type }),
    ...(cause && { cause }),
    ...(explanation && { explanation }),
    ...(ticket && !isAnswered(ticket.kind) && { job_type: ticket.kind }),
    skills: [],
  };
}
