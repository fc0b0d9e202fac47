import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { useSentence } from "../../lib/sentence";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { ColleagueDialog } from "../AssignDialog";
import { unseen, without } from "./selection";
import type { QueueItem } from "./tickets";
import { type BulkAct, type Result, useBulk } from "./useBulk";

interface BulkBarProps {
  chosen: ReadonlyMap<string, QueueItem>;
  rows: readonly QueueItem[];
  onChoose: (chosen: ReadonlyMap<string, QueueItem>) => void;
}

/** What is done with all the tickets that were chosen, and how it went with each. */
export function BulkBar({ chosen, rows, onChoose }: BulkBarProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<"assign" | "close" | null>(null);
  const bulk = useBulk((results) => onChoose(waiting(chosen, results)));
  const tickets = [...chosen.values()];
  function start(act: BulkAct): void {
    setAsking(null);
    bulk.run({ tickets, act });
  }
  return (
    <>
      {tickets.length > 0 && (
        <section className="bulk" aria-label={t("bulk.title")}>
          <Chosen tickets={tickets} hidden={unseen(chosen.keys(), rows)} />
          <BulkActs isRunning={bulk.isRunning} onClaim={() => start({ owner: "me" })} onAsk={setAsking} />
          <Button disabled={bulk.isRunning} onClick={() => onChoose(new Map())}>
            {t("bulk.clear")}
          </Button>
        </section>
      )}
      {bulk.isRunning && <p role="status">{t("bulk.running", { done: bulk.results.length, of: bulk.of })}</p>}
      {!bulk.isRunning && bulk.results.length > 0 && <Results of={bulk.results} />}
      {bulk.error && <Failure error={bulk.error} />}
      {asking === "assign" && (
        <ColleagueDialog
          title={t("bulk.assignTitle", { count: tickets.length })}
          owner={null}
          onChoose={(owner) => start({ owner })}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === "close" && (
        <CommandDialog
          title={`${t("ticket.close")} · ${t("bulk.chosen", { count: tickets.length })}`}
          isPending={false}
          conflict={null}
          onConfirm={() => start("close")}
          onClose={() => setAsking(null)}
        >
          <p>{t("ticket.closeSure")}</p>
        </CommandDialog>
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
  onAsk: (act: "assign" | "close") => void;
}

function BulkActs({ isRunning, onClaim, onAsk }: BulkActsProps) {
  const { t } = useTranslation();
  const person = usePerson();
  return (
    <>
      <Button disabled={isRunning} onClick={onClaim}>
        {t("owner.claim")}
      </Button>
      {hasRole(person, ["manager"]) && (
        <Button disabled={isRunning} onClick={() => onAsk("assign")}>
          {t("owner.assign")}
        </Button>
      )}
      {hasRole(person, ["agent", "manager"]) && (
        <Button disabled={isRunning} onClick={() => onAsk("close")}>
          {t("ticket.close")}
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
