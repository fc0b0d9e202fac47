import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "../../lib/keys";
import { usePerson } from "../../lib/person";
import { areasOf } from "../areas";
import { FindTicket, focusSearch } from "./FindTicket";
import { KeyHelp } from "./KeyHelp";
import { LiveState } from "./LiveState";
import { PersonMenu } from "./PersonMenu";
import "./shell.css";

/** What stands around every page: the areas that the person's roles allow, the search, and the person. */
export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const areas = areasOf(usePerson());
  const [helping, setHelping] = useState(false);
  const mayRegister = areas.some((area) => area.name === "register");
  const shortcuts = useMemo(() => {
    const go = areas.map((area) => [`g ${area.letter}`, () => void navigate({ to: area.path })] as const);
    const register = mayRegister ? { n: () => void navigate({ to: "/register" }) } : {};
    return { ...Object.fromEntries(go), ...register, "/": focusSearch, "?": () => setHelping(true) };
  }, [areas, mayRegister, navigate]);
  useShortcuts(shortcuts);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="top">
        <strong>{t("product")}</strong>
        <nav aria-label={t("area.label")}>
          {areas.map((area) => (
            <Link key={area.name} to={area.path} activeProps={{ "aria-current": "page" }}>
              {t(`area.${area.name}`)}
              {area.name === "register" && (
                <span className="key" aria-hidden="true">
                  N
                </span>
              )}
            </Link>
          ))}
        </nav>
        <FindTicket />
        <LiveState />
        <PersonMenu onHelp={() => setHelping(true)} />
      </header>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      {helping && <KeyHelp onClose={() => setHelping(false)} />}
    </div>
  );
}
