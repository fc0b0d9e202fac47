import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Scrolled } from "../../ui/Scrolled";
import { useLabel, type Vocabulary } from "../labels";
import { useTicketsById } from "../tickets";
import { BothSides } from "./BothSides";
import type { Replay, Result } from "./replays";
import { type Change, clockOf, parted, sorted, turnOf } from "./whatIf";

/** What came of a replay: figures by metric, the clocks that would end otherwise, and one of them side by side. */
export function Outcome({ replay, result, clock }: { replay: Replay; result: Result; clock: string | undefined }) {
  const { t } = useTranslation();
  const { whole, parts } = parted(result.groups);
  return (
    <>
      <section className="panel" aria-labelledby="figures">
        <h2 id="figures">{t("policies.figures", { count: result.tickets })}</h2>
        {whole.length === 0 ? <Empty>{t("policies.noTickets")}</Empty> : <Figures of={whole} />}
        {parts.length > 0 && (
          <details>
            <summary>{t("policies.byGroup")}</summary>
            <Figures of={parts} />
            {result.left_out > 0 && <p>{t("policies.leftOut", { count: result.left_out })}</p>}
          </details>
        )}
      </section>
      <section className="panel" aria-labelledby="changes">
        <h2 id="changes">{t("policies.changes", { count: result.changed })}</h2>
        {result.changes.length === 0 && <Empty>{t("policies.noChanges")}</Empty>}
        {result.changes.length > 0 && <Changes replayId={replay.id} of={result.changes} chosen={clock} />}
        {result.changed > result.changes.length && <p>{t("policies.changesCut", { count: result.changes.length })}</p>}
      </section>
      {clock && <BothSides key={clock} replay={replay} clock={clock} />}
    </>
  );
}

const VALUES: Partial<Record<string, Vocabulary>> = { kind: "ticket_kind", channel: "channel" };

function Figures({ of }: { of: Result["groups"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const nameOf = (by: string, value: string | null) => {
    const known = VALUES[by];
    return known && value ? label(known, value) : (value ?? "–");
  };
  return (
    <Scrolled label={t("policies.lateBy")}>
      <table className="plain" aria-label={t("policies.lateBy")}>
        <thead>
          <tr>
            <th scope="col">{t("clock.metric")}</th>
            <th scope="col">{t("policies.lateWas")}</th>
            <th scope="col">{t("policies.lateWouldBe")}</th>
            <th scope="col">{t("policies.newlyLate")}</th>
            <th scope="col">{t("policies.noLongerLate")}</th>
          </tr>
        </thead>
        <tbody>
          {of.map(({ metric, by, value, was, would_be, newly_breached, no_longer_breached }) => (
            <tr key={`${metric} ${by} ${value}`}>
              <td>
                {label("metric", metric)}
                {by !== "all" && ` · ${label("replay_group", by)} ${nameOf(by, value)}`}
              </td>
              <td>{t("policies.ofClocks", { late: was.breached, clocks: was.clocks })}</td>
              <td>{t("policies.ofClocks", { late: would_be.breached, clocks: would_be.clocks })}</td>
              <td>{newly_breached}</td>
              <td>{no_longer_breached}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

interface ChangesProps {
  replayId: string;
  of: readonly Change[];
  chosen: string | undefined;
}

function Changes({ replayId, of, chosen }: ChangesProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const ids = useMemo(() => [...new Set(of.map(({ ticket_id }) => ticket_id))], [of]);
  const tickets = useTicketsById(ids);
  return (
    <div className="wide">
      <table className="plain" aria-label={t("policies.changesList")}>
        <thead>
          <tr>
            <th scope="col">{t("policies.clock")}</th>
            <th scope="col">{t("policies.was")}</th>
            <th scope="col">{t("policies.wouldBe")}</th>
            <th scope="col">{t("policies.turn")}</th>
          </tr>
        </thead>
        <tbody>
          {sorted(of).map((change) => (
            <tr key={clockOf(change)}>
              <td>
                <Link
                  to="/what-if/$replayId"
                  params={{ replayId }}
                  search={{ clock: clockOf(change) }}
                  resetScroll={false}
                  aria-current={clockOf(change) === chosen ? "true" : undefined}
                >
                  {tickets.get(change.ticket_id)?.number ?? `…${change.ticket_id.slice(-4)}`} ·{" "}
                  {label("metric", change.metric)}
                </Link>
              </td>
              <td>
                <Verdict of={change.was} />
              </td>
              <td>
                <Verdict of={change.would_be} />
              </td>
              <td>{t(`policies.turns.${turnOf(change)}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Verdict({ of }: { of: Change["was"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (!of) return t("policies.noClock");
  const ended = of.status === "met" ? t(of.breached ? "clock.metLate" : "clock.met") : null;
  const open = of.breached ? t("clock.late") : label("clock_status", of.status);
  return [ended ?? open, of.due_at && dateTime(of.due_at)].filter(Boolean).join(" · ");
}
