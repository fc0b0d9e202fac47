import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import { type Day, hoursOf, weeksOf } from "./months";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One month as a table: a holiday and a day worked in lieu have a sign and a word beside their colour. */
export function Month({ month, days }: { month: string; days: Day[] }) {
  const { t } = useTranslation();
  return (
    <table className="month">
      <caption>{month}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((weekday) => (
            <th key={weekday} scope="col">
              {t(`policies.weekday.${weekday}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(days).map((week, row) => (
          <tr key={row}>
            {week.map((day, column) => (
              <Cell key={column} day={day} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ day }: { day: Day | null }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (!day) return <td />;
  const off = day.hours.length === 0 ? "day-off" : "";
  const said = [label("opening_rule", day.rule), day.detail, hoursOf(day)].filter(Boolean).join(" · ");
  return (
    <td className={`day-${day.rule} ${off}`} title={said}>
      {Number(day.date.slice(-2))}
      {day.rule !== "weekly_hours" && <small> {t(`policies.sign.${day.rule}`)}</small>}
    </td>
  );
}
