import { useTranslation } from "react-i18next";
import { dateTime, duration } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Scrolled } from "../../ui/Scrolled";
import { useLabel } from "../labels";
import { type Explanation, type Replay, useBothSides } from "./replays";
import "../Answer.css";

/** One clock of a replay: why it ended as it did, and why it would have ended otherwise. */
export function BothSides({ replay, clock }: { replay: Replay; clock: string }) {
  const { t } = useTranslation();
  const [ticket = "", metric = ""] = clock.split("/");
  const { data, error, isPending, refetch } = useBothSides(replay, ticket, metric);
  return (
    <>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={6} />}
      {data && (
        <div className="sides">
          <Side title={t("policies.was")} of={data.was} />
          <Side title={t("policies.wouldBe")} of={data.wouldBe} />
        </div>
      )}
    </>
  );
}

function Side({ title, of }: { title: string; of: Explanation | null }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      {of ? <Explained of={of} /> : <Empty>{t("policies.noClock")}</Empty>}
    </section>
  );
}

function Explained({ of }: { of: Explanation }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { target, present } = of;
  const zone = target.timezone;
  return (
    <>
      <Facts
        of={[
          [t("clock.state"), of.verdict.breached ? t("clock.late") : label("clock_status", of.status)],
          [t("clock.policy"), target.policy],
          [t("triage.level"), `P${target.level}`],
          [t("clock.calendar"), `${target.calendar} · ${zone}`],
          [t("calculation.target"), duration(target.target_seconds * 1000)],
          [t("calculation.counted"), duration(present.counted_seconds * 1000)],
          [t("clock.started"), dateTime(present.started_at, zone)],
          [t("clock.due"), of.deadline ? dateTime(of.deadline, zone) : t("clock.noDeadline")],
          [t("policies.ledgerUntil"), dateTime(present.until, zone)],
        ]}
      />
      <Ledger of={of} />
    </>
  );
}

/** Where the time went, without a gap. */
function Ledger({ of: { present, target } }: { of: Explanation }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Scrolled label={t("calculation.walk")}>
      <table className="walk" aria-label={t("calculation.walk")}>
        <thead>
          <tr>
            <th scope="col">{t("calculation.stepFrom")}</th>
            <th scope="col">{t("calculation.stepKind")}</th>
            <th scope="col">{t("policies.because")}</th>
            <th scope="col">{t("calculation.counted")}</th>
          </tr>
        </thead>
        <tbody>
          {present.segments.map(({ start, kind, rule, detail, because, counted_seconds }) => (
            <tr key={start} className={`step-${kind}`}>
              <td>{dateTime(start, target.timezone)}</td>
              <td>{label("segment", kind)}</td>
              <td>
                {[because.event && label("event", because.event), label("opening_rule", rule), detail]
                  .filter(Boolean)
                  .join(" · ")}
              </td>
              <td>{counted_seconds > 0 && duration(counted_seconds * 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
