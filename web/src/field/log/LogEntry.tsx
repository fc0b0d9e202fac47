import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../lib/problem";
import { dateTime } from "../../lib/times";
import type { Entry } from "../command";
import { usePhone } from "../phone";
import { isWorded, WordsForm } from "../worded";

/** One command: what and when, and what is to be decided where it was refused. */
export function LogEntry({ entry, number }: { entry: Entry; number: string | undefined }) {
  const { t } = useTranslation();
  const { step, at, refusal } = entry.command;
  return (
    <li className={refusal ? "refused" : ""}>
      <h2>
        {t(`workOrder.step.${step}`)} · {number ?? "…"}
      </h2>
      <p>
        {dateTime(new Date(at).toISOString())} · {t(refusal ? "field.isRefused" : "field.isWaiting")}
      </p>
      {refusal && <Refusal entry={entry} refusal={refusal} />}
    </li>
  );
}

function Refusal({ entry, refusal }: { entry: Entry; refusal: Problem }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [isOpen, setOpen] = useState(false);
  const { command } = entry;
  return (
    <>
      <p role="alert">{refusal.detail || refusal.title}</p>
      <p className="quiet">
        {t("state.trace")} <code>{refusal.trace_id}</code>
      </p>
      {isOpen && isWorded(command.step) ? (
        <Suspense>
          <WordsForm
            step={command.step}
            before={command}
            isBusy={false}
            onSay={(act) => void phone.again(entry, act)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      ) : (
        <div className="pair">
          {isWorded(command.step) && (
            <button type="button" onClick={() => setOpen(true)}>
              {t("field.amend")}
            </button>
          )}
          <button type="button" onClick={() => void phone.again(entry, command)}>
            {t("field.sendAgain")}
          </button>
          <button type="button" onClick={() => void phone.giveUp(entry)}>
            {t("field.giveUp")}
          </button>
        </div>
      )}
    </>
  );
}
