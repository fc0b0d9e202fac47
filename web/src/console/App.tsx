import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ConfigProvider, type ThemeConfig } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { choice, choose } from "../lib/choices";
import { type Person, Signed } from "../lib/person";
import { language } from "../lib/words";
import { type Density, DensityOf } from "./density";
import { queries } from "./queries";
import { router } from "./router";
import { saidByParts } from "./words";

const THEME: ThemeConfig = {
  cssVar: {},
  token: {
    colorPrimary: "#0b5e8a",
    colorLink: "#0b5e8a",
    colorInfo: "#0b5e8a",
    colorTextSecondary: "#4a5560",
    colorTextDescription: "#4a5560",
    colorTextPlaceholder: "#667079",
    colorError: "#a3182c",
    motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    borderRadius: 4,
    fontSize: 13,
    fontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif',
  },
};

/** The nonce with which the gateway rendered the page: antd adds its styles as they are needed. */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

export function App({ person }: { person: Person }) {
  useTranslation(); // renders anew in another language
  const [density, setDensity] = useState<Density>(choice("density") ?? "compact");
  function change(wanted: Density): void {
    choose("density", wanted);
    setDensity(wanted);
  }
  const parts = saidByParts[language()];
  return (
    <ConfigProvider
      csp={{ nonce }}
      {...(parts && { locale: parts })}
      componentSize={density === "compact" ? "small" : "middle"}
      theme={THEME}
      button={{ autoInsertSpace: false }}
    >
      <Signed value={person}>
        <DensityOf value={{ density, setDensity: change }}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </DensityOf>
      </Signed>
    </ConfigProvider>
  );
}
