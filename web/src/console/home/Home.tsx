import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Failure } from "../../ui/Failure";
import { areasOf } from "../areas";
import { FIGURES, WAYS } from "./figures";
import "./home.css";

/** A call becomes due by itself, and nobody tells. */
const MINUTE = 60_000;

/** 工作台: what waits for this person, each number the way to its rows; and what else there is for their roles. */
export function Home() {
  const { t } = useTranslation();
  const person = usePerson();
  const figures = FIGURES.filter(({ roles }) => hasRole(person, roles));
  const counted = useQueries({
    queries: figures.map(({ name, word, count }) => ({
      queryKey: [word, "home", name],
      queryFn: count,
      refetchInterval: MINUTE,
    })),
  });
  const failed = counted.find(({ error }) => error !== null);
  return (
    <div className="page">
      <h1>{t("home.title", { name: person.name })}</h1>
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {figures.length > 0 && (
        <ul className="home-figures">
          {figures.map(({ name }, index) => (
            <li key={name}>
              {WAYS[name](
                <>
                  <strong>{counted[index]?.data ?? "…"}</strong> {t(`home.${name}`)}
                </>,
              )}
            </li>
          ))}
        </ul>
      )}
      <Areas />
    </div>
  );
}

function Areas() {
  const { t } = useTranslation();
  const areas = areasOf(usePerson()).filter(({ name }) => name !== "home");
  return (
    <section className="panel" aria-labelledby="areas">
      <h2 id="areas">{t("home.areas")}</h2>
      <ul>
        {areas.map(({ name, path, letter }) => (
          <li key={name}>
            <Link to={path}>{t(`area.${name}`)}</Link> <span className="key">g {letter}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
