import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type RefObject, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/now";
import { hasRole, usePerson } from "../../lib/person";
import { Age } from "../../ui/Age";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Notice } from "../../ui/Notice";
import { Forbidden } from "../Forbidden";
import { MAY_SEE } from "./access";
import { Figure } from "./Figure";
import { type Figures, useFigures } from "./figures";
import { OPEN } from "./filters";
import { Matrix } from "./Matrix";
import { NextBreaches } from "./NextBreaches";
import { PausedBy } from "./PausedBy";
import "./wallboard.css";

/** 时限看板: what is late, what will be next, and what waits, to be read from across the room. */
export function Wallboard() {
  const person = usePerson();
  return hasRole(person, MAY_SEE) ? <Board /> : <Forbidden area="wallboard" />;
}

function Board() {
  const { t } = useTranslation();
  const figures = useFigures();
  const board = useRef<HTMLDivElement>(null);
  return (
    <div className="page wallboard" ref={board}>
      <div className="page-head">
        <h1>{t("wallboard.title")}</h1>
        <div className="acts">
          {figures.data && <Age at={figures.dataUpdatedAt} />}
          <Link to="/wallboard/calculation">{t("wallboard.calculation")}</Link>
          <FullScreen of={board} />
        </div>
      </div>
      <Stale at={figures.data && figures.dataUpdatedAt} />
      {figures.error && <Failure error={figures.error} onRetry={() => void figures.refetch()} />}
      {figures.isPending && <Loading lines={12} />}
      {figures.data && <Content of={figures.data} />}
    </div>
  );
}

function Content({ of }: { of: Figures }) {
  const { t } = useTranslation();
  const late = Object.values(of.breached)
    .flatMap((levels) => Object.values(levels))
    .reduce((sum, one) => sum + one, 0);
  return (
    <>
      <ul className="figures">
        <li className={late > 0 ? "late" : undefined}>
          <Figure of={late} to={{ status: OPEN, breached: "true" }} />
          {t("wallboard.late")}
        </li>
        <li>
          <Figure of={of.running} to={{ status: ["running"] }} />
          {t("wallboard.running")}
        </li>
        <li>
          <Figure of={of.paused} to={{ status: ["paused"] }} />
          {t("wallboard.paused")}
        </li>
      </ul>
      <div className="boards">
        <Matrix breached={of.breached} open={of.open} />
        <NextBreaches clocks={of.next} />
        <PausedBy reasons={of.reasons} paused={of.paused} />
      </div>
    </>
  );
}

const STALE = 60_000;

/** Large, where nobody sits before the screen: that what is shown is old, and how old. */
function Stale({ at }: { at: number | undefined }) {
  const { t } = useTranslation();
  useNow(() => true);
  const age = at ? Date.now() - at : 0;
  if (age < STALE) return null;
  return <Notice kind="warning" title={t("wallboard.stale", { count: Math.floor(age / 60_000) })} />;
}

function FullScreen({ of }: { of: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation();
  return <Button onClick={() => void of.current?.requestFullscreen()}>{t("wallboard.fullScreen")}</Button>;
}
