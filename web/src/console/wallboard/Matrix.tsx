import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import { Figure } from "./Figure";
import { LEVELS, OPEN } from "./filters";

interface MatrixProps {
  breached: Record<string, Record<string, number>>;
  open: Record<string, number>;
}

/** Late clocks by metric and level, beside all open ones. */
export function Matrix({ breached, open }: MatrixProps) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="matrix">
      <h2 id="matrix">{t("wallboard.matrix")}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("clock.metric")}</th>
            {LEVELS.map((level) => (
              <th key={level} scope="col">
                P{level}
              </th>
            ))}
            <th scope="col">{t("wallboard.open")}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(breached).map(([metric, levels]) => (
            <Line key={metric} metric={metric} levels={levels} open={open[metric] ?? 0} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ metric, levels, open }: { metric: string; levels: Record<string, number>; open: number }) {
  const label = useLabel();
  const about = { status: OPEN, metric: [metric] };
  return (
    <tr>
      <th scope="row">{label("metric", metric)}</th>
      {LEVELS.map((level) => (
        <td key={level} className={levels[level] ? "late" : undefined}>
          <Figure of={levels[level] ?? 0} to={{ ...about, breached: "true", level: [level] }} />
        </td>
      ))}
      <td>
        <Figure of={open} to={about} />
      </td>
    </tr>
  );
}
