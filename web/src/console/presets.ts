import { useQuery } from "@tanstack/react-query";
import { body, sla } from "../lib/clients";

/** The presets that ship and have clocks. */
export function usePresets() {
  const { data } = useQuery({
    queryKey: ["presets"],
    queryFn: () => body(sla.GET("/v1/presets")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.items.filter(({ metrics }) => metrics.length > 0) ?? [];
}
