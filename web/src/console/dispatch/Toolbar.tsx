import { Button } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import { dayIn, dayOf, later } from "./day";
import type { BoardSearch } from "./filters";

interface ToolbarProps {
  day: string;
  search: BoardSearch;
  skills: readonly string[];
  onChange: (search: BoardSearch) => void;
}

/** Which day, whose lanes, in which order: all of it is in the address. */
export function Toolbar({ day, search, skills, onChange }: ToolbarProps) {
  const { t } = useTranslation();
  const fields = useId();
  const go = (to: string) => onChange({ ...search, day: to });
  return (
    <div className="toolbar">
      <Button onClick={() => go(later(day, -1))} aria-label={t("board.dayBefore")}>
        ◂
      </Button>
      <Button onClick={() => go(dayOf(current()))}>{t("board.today")}</Button>
      <Button onClick={() => go(later(day, 1))} aria-label={t("board.dayAfter")}>
        ▸
      </Button>
      <input
        type="date"
        aria-label={t("board.day")}
        value={day}
        onChange={(event) => dayIn(event.target.value) && go(event.target.value)}
      />
      <label htmlFor={`${fields}-sort`}>{t("board.sort")}</label>
      <select
        id={`${fields}-sort`}
        value={search.sort ?? "name"}
        onChange={(event) => onChange({ ...search, sort: event.target.value as "name" | "load" })}
      >
        <option value="name">{t("board.byName")}</option>
        <option value="load">{t("board.byLoad")}</option>
      </select>
      <label htmlFor={`${fields}-skill`}>{t("board.skill")}</label>
      <select
        id={`${fields}-skill`}
        value={search.skill ?? ""}
        onChange={(event) => onChange({ ...search, skill: event.target.value })}
      >
        <option value="">{t("board.anySkill")}</option>
        {skills.map((skill) => (
          <option key={skill}>{skill}</option>
        ))}
      </select>
      <span className="help" id="board-help">
        {t("board.help")}
      </span>
    </div>
  );
}
