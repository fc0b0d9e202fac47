import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { useSentence } from "../../lib/sentence";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { ColleagueDialog } from "../AssignDialog";
import { unseen, without } from "./selection";
import type { QueueItem } from "./tickets";
import { type Result, useBulk } from "./useBulk";

interface BulkBarProps {
  chosen: ReadonlyMap<string, QueueItem>;
  rows: readonly QueueItem[];
  onChoose: (chosen: ReadonlyMap<string, QueueItem>) => void;
}

/** What is done with all the tickets that were chosen, and how it went with each. */
export function BulkBar({ chosen, rows, onChoose }: BulkBarProps) {
  const { t } = useTranslation();
  const [assigning, setAssigning] = useState(false);
  const bulk = useBulk((results) => onChoose(waiting(chosen, results)));
  const tickets = [...chosen.values()];
  const start = (owner: string) => bulk.run({ tickets, owner });
  return (
    <>
      {tickets.length > 0 && (
        <section className="bulk" aria-label={t("bulk.title")}>
          <Chosen tickets={tickets} hidden={unseen(chosen.keys(), rows)} />
          <BulkActs isRunning={bulk.isRunning} onClaim={() => start("me")} onAssign={() => setAssigning(true)} />
          <Button disabled={bulk.isRunning} onClick={() => onChoose(new Map())}>
            {t("bulk.clear")}
          </Button>
        </section>
      )}
      {bulk.isRunning && <p role="status">{t("bulk.running", { done: bulk.results.length, of: bulk.of })}</p>}
      {!bulk.isRunning && bulk.results.length > 0 && <Results of={bulk.results} />}
      {bulk.error && <Failure error={bulk.error} />}
      {assigning && (
        <ColleagueDialog
          title={t("bulk.assignTitle", { count: tickets.length })}
          owner={null}
          onChoose={(owner) => {
            setAssigning(false);
            start(owner);
          }}
          onClose={() => setAssigning(false)}
        />
      )}
    </>
  );
}

/** The tickets that still wait for it stay chosen, and those that were chosen while it ran. */
function waiting(chosen: ReadonlyMap<string, QueueItem>, results: readonly Result[]): Map<string, QueueItem> {
  const done = results.flatMap(({ ticket, error }) => (error ? [] : [ticket.id]));
  return without(chosen, done);
}

function Chosen({ tickets, hidden }: { tickets: readonly QueueItem[]; hidden: number }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary>
        {t("bulk.chosen", { count: tickets.length })}
        {hidden > 0 && ` · ${t("bulk.hidden", { count: hidden })}`}
      </summary>
      {tickets.map(({ number }) => number).join(" · ")}
    </details>
  );
}

interface BulkActsProps {
  isRunning: boolean;
  onClaim: () => void;
  onAssign: () => void;
}

function BulkActs({ isRunning, onClaim, onAssign }: BulkActsProps) {
  const { t } = useTranslation();
  const person = usePerson();
  return (
    <>
      <Button disabled={isRunning} onClick={onClaim}>
        {t("owner.claim")}
      </Button>
      {hasRole(person, ["manager"]) && (
        <Button disabled={isRunning} onClick={onAssign}>
          {t("owner.assign")}
        </Button>
      )}
    </>
  );
}

function Results({ of }: { of: readonly Result[] }) {
  const { t } = useTranslation();
  const refused = of.filter(({ error }) => error !== null);
  const done = t("bulk.done", { count: of.length - refused.length });
  if (refused.length === 0) return <Notice kind="info" title={done} />;
  return (
    <Notice kind="warning" title={`${done} · ${t("bulk.refused", { count: refused.length })}`}>
      <ul>
        {refused.map((result) => (
          <RefusedOne key={result.ticket.id} of={result} />
        ))}
      </ul>
    </Notice>
  );
}

function RefusedOne({ of: { ticket, error } }: { of: Result }) {
  const sentence = useSentence(error);
  return (
    <li>
      {ticket.number}: {sentence}
    </li>
  );
}
