import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/now";
import { SIGN, stageOf, type Timed } from "../lib/stage";
import { remaining } from "../lib/times";
import "./Clock.css";

interface ClockProps {
  clock: Timed;
  /** The metric's name: a ticket has several clocks. */
  name: string;
  /** Why it stands still, said in words. */
  title?: string;
}

const HOUR = 3_600_000;

/** One clock as a sign, a word and the time that is left. It ticks by the second in its last hour and by the minute before. */
export const Clock = memo(function Clock({ clock, name, title }: ClockProps) {
  const { t } = useTranslation();
  const now = useNow((at) => isInLastHour(clock, at));
  const stage = stageOf(clock, now);
  const running = clock.status === "running" && clock.due_at !== null;
  return (
    <span className={`clock clock-${stage}`} role="timer" title={title}>
      <span aria-hidden="true">{SIGN[stage]}</span> {name} · {t(`clock.${stage}`)}
      {running && ` · ${remaining(clock.due_at as string, now)}`}
    </span>
  );
});

function isInLastHour(clock: Timed, now: number): boolean {
  if (clock.status !== "running" || clock.due_at === null) return false;
  const left = Date.parse(clock.due_at) - now;
  return left > 0 && left < HOUR;
}
