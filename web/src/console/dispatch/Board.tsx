import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import { usePerson } from "../../lib/person";
import { Age } from "../../ui/Age";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { areasOf } from "../areas";
import { useNearest } from "../clocks";
import { Forbidden } from "../Forbidden";
import { DayList } from "./DayList";
import { dayOf } from "./day";
import { boardSearch } from "./filters";
import { lanesOf, nameOf, sorted } from "./lanes";
import { useTicketNames } from "./names";
import { type Board as BoardOf, useBoard, useEngineers } from "./orders";
import { Schedule } from "./Schedule";
import { type Shown, shownFrom } from "./span";
import { Toolbar } from "./Toolbar";
import type { Engineer, WorkOrder } from "./visit";
import "./board.css";

const route = getRouteApi("/board");

/** 派工台: everybody's day, and the visits that wait for somebody. */
export function Board() {
  if (!areasOf(usePerson()).some((area) => area.name === "board")) return <Forbidden area="board" />;
  return <Day />;
}

function Day() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const day = search.day ?? dayOf(current());
  const shown = useMemo(() => shownFrom(day, search.span ?? "day"), [day, search.span]);
  const board = useBoard(shown.days);
  const engineers = useEngineers();
  const error = board.error ?? engineers.error;
  const skills = useMemo(() => skillsOf(board.data?.orders ?? [], engineers.data ?? []), [board.data, engineers.data]);
  return (
    <div className="page page-full">
      <div className="page-head">
        <h1>{t("board.title")}</h1>
        {board.data && <Age at={board.dataUpdatedAt} />}
      </div>
      <Toolbar
        day={day}
        search={search}
        skills={skills}
        onChange={(wanted) => void navigate({ search: boardSearch({ ...wanted }), replace: true })}
      />
      {error && <Failure error={error} onRetry={() => void Promise.all([board.refetch(), engineers.refetch()])} />}
      {(board.isPending || engineers.isPending) && <Loading lines={12} />}
      {engineers.data?.length === 0 && <Empty>{t("board.nobody")}</Empty>}
      {board.data && engineers.data && engineers.data.length > 0 && (
        <Content shown={shown} board={board.data} engineers={engineers.data} />
      )}
    </div>
  );
}

function Content({ shown, board, engineers }: { shown: Shown; board: BoardOf; engineers: Engineer[] }) {
  const { i18n } = useTranslation();
  const { sort = "name", skill } = route.useSearch();
  const isWide = useWide();
  const ids = useMemo(() => [...new Set(board.orders.map(({ ticket_id }) => ticket_id))].sort(), [board]);
  const [tickets, clocks] = [useTicketNames(ids), useNearest(ids)];
  const names = useMemo(() => new Map(engineers.map((engineer) => [engineer.id, nameOf(engineer)])), [engineers]);
  const lanes = useMemo(() => {
    const able = skill ? engineers.filter(({ skills }) => skills.includes(skill)) : engineers;
    return sorted(lanesOf(able, board.orders, shown.start, shown.end), sort, i18n.language);
  }, [engineers, board, shown, sort, skill, i18n.language]);
  const pool = useMemo(() => poolOf(board.orders, skill), [board, skill]);
  const content = { shown, sort, lanes, ...pool, isCut: board.isCut, names, tickets, clocks };
  return isWide ? <Schedule {...content} /> : <DayList {...content} />;
}

function poolOf(orders: readonly WorkOrder[], skill: string | undefined) {
  const open = orders.filter(({ engineer_id }) => engineer_id === null);
  const waiting = skill ? open.filter(({ skills }) => skills.includes(skill)) : open;
  const untimed = orders.filter(({ engineer_id, appointment }) => engineer_id !== null && appointment === null);
  return { waiting, untimed, others: open.length - waiting.length };
}

function skillsOf(orders: readonly WorkOrder[], engineers: readonly Engineer[]): string[] {
  return [...new Set([...orders, ...engineers].flatMap(({ skills }) => skills))].sort();
}

const wide = matchMedia("(min-width: 1024px)");

/** Whether the screen is wide enough for a schedule. */
function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      wide.addEventListener("change", changed);
      return () => wide.removeEventListener("change", changed);
    },
    () => wide.matches,
  );
}
