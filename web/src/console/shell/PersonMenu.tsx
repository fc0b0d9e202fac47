import { Button, Dropdown, type MenuProps } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../lib/labels";
import { usePerson } from "../../lib/person";
import { language, speak } from "../../lib/words";
import { useDensity } from "../density";

/** The person's own: language, density, keys, and the way out, which is a form: only a post ends a session. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const person = usePerson();
  const { density, setDensity } = useDensity();
  const out = useRef<HTMLFormElement>(null);
  function leave(action: string): void {
    if (!out.current) return;
    out.current.action = action;
    out.current.submit();
  }
  const compact = density === "compact";
  const other = language() === "en" ? "zh-CN" : "en";
  const acts: Record<string, () => void> = {
    language: () => void speak(other),
    density: () => setDensity(compact ? "comfortable" : "compact"),
    keys: onHelp,
    signOut: () => leave("/auth/logout"),
    signOutEverywhere: () => leave("/auth/logout/everywhere"),
  };
  const roles = person.roles.map((role) => label("role", role)).join(" · ");
  const items: NonNullable<MenuProps["items"]> = [
    { key: "roles", label: roles, disabled: true },
    { key: "language", label: <span lang={other}>{t("menu.language")}</span> },
    { key: "density", label: compact ? t("menu.density") : t("menu.dense") },
    { key: "keys", label: t("menu.keys") },
    { type: "divider" },
    { key: "signOut", label: t("menu.signOut") },
    { key: "signOutEverywhere", label: t("menu.signOutEverywhere") },
  ];
  return (
    <>
      <Dropdown trigger={["click"]} autoFocus menu={{ items, onClick: ({ key }) => acts[key]?.() }}>
        <Button type="text" className="person" aria-label={`${t("menu.label")} ${person.name}`} aria-haspopup="menu">
          {person.name}
        </Button>
      </Dropdown>
      <form ref={out} method="post" hidden />
    </>
  );
}
