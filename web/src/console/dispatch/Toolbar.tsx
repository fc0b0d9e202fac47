import { Button } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import { dayIn, dayOf, later } from "./day";
import type { BoardSearch } from "./filters";
import { SPANS, type SpanName } from "./span";
import "../../ui/Choices.css";

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
  const { days } = SPANS[search.span ?? "day"];
  return (
    <div className="toolbar">
      <Button
        onClick={() => go(later(day, -days))}
        aria-label={t(days > 1 ? "board.daysBefore" : "board.dayBefore", { count: days })}
      >
        ◂
      </Button>
      <Button onClick={() => go(dayOf(current()))}>{t("board.today")}</Button>
      <Button
        onClick={() => go(later(day, days))}
        aria-label={t(days > 1 ? "board.daysAfter" : "board.dayAfter", { count: days })}
      >
        ▸
      </Button>
      <input
        type="date"
        aria-label={t("board.day")}
        value={day}
        onChange={(event) => dayIn(event.target.value) && go(event.target.value)}
      />
      <SpanChoice value={search.span ?? "day"} onChange={(span) => onChange(spanned(search, span))} />
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

function SpanChoice({ value, onChange }: { value: SpanName; onChange: (span: SpanName) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="choices">
      <legend>{t("board.span")}</legend>
      {(Object.keys(SPANS) as SpanName[]).map((name) => (
        <button key={name} type="button" aria-pressed={name === value} onClick={() => onChange(name)}>
          {t(`board.spans.${name}`)}
        </button>
      ))}
    </fieldset>
  );
}

function spanned({ span: _, ...search }: BoardSearch, name: SpanName): BoardSearch {
  return name === "day" ? search : { ...search, span: name };
}
