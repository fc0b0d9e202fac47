import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { leave, usePerson } from "../../lib/person";
import { language, speak } from "../../lib/words";
import { useDensity } from "../density";

const ID = "person";
/** Codes have their words in a file of its own, which no page needs for its first row. */
const Roles = lazy(async () => ({ default: (await import("./Roles")).Roles }));

/** The person's own: language, density, keys, and the way out, which is a form, since only a post ends a session. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const person = usePerson();
  return (
    <>
      <button type="button" className="person" popoverTarget={ID} aria-label={`${t("menu.label")} ${person.name}`}>
        {person.name}
      </button>
      <div id={ID} popover="auto" className="person-menu">
        <Suspense>
          <Roles />
        </Suspense>
        <Wishes onHelp={onHelp} />
        <form method="post" action="/auth/logout" onSubmit={leave}>
          <button type="submit">{t("menu.signOut")}</button>
        </form>
        <form method="post" action="/auth/logout/everywhere" onSubmit={leave}>
          <button type="submit">{t("menu.signOutEverywhere")}</button>
        </form>
      </div>
    </>
  );
}

function Wishes({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { density, setDensity } = useDensity();
  const compact = density === "compact";
  const other = language() === "en" ? "zh-CN" : "en";
  return (
    <>
      <button type="button" lang={other} onClick={() => void speak(other)}>
        {t("menu.language")}
      </button>
      <button type="button" onClick={() => setDensity(compact ? "comfortable" : "compact")}>
        {t(compact ? "menu.density" : "menu.dense")}
      </button>
      <button type="button" popoverTarget={ID} popoverTargetAction="hide" onClick={onHelp}>
        {t("menu.keys")}
      </button>
      <button
        type="button"
        popoverTarget={ID}
        popoverTargetAction="hide"
        onClick={() => void navigate({ to: "/settings" })}
      >
        {t("area.settings")}
      </button>
    </>
  );
}
