import { createContext, useContext } from "react";

export type Density = "compact" | "comfortable";

/** Heights of a list's rows in pixels. */
export const ROW: Record<Density, number> = { compact: 32, comfortable: 40 };

export const DensityOf = createContext<{ density: Density; setDensity: (density: Density) => void }>({
  density: "compact",
  setDensity: () => undefined,
});

export function useDensity() {
  return useContext(DensityOf);
}
