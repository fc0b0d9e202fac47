import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/sla.gen";
import { body, command, commandKey, sla } from "../../lib/clients";

export type DueItem = components["schemas"]["DueItem"];

/** When each target of these rules would be due: a published version, `preset:pp-05`, or empty: what is in force. */
export function useAnswer(rules: string, level: number, start: string) {
  return useQuery({
    queryKey: ["policies", "try", rules, level, start],
    queryFn: async () => {
      const preset = rules.startsWith("preset:") && { preset: rules.slice("preset:".length) };
      const policy = rules && !preset && { policy: rules };
      const question = { level, start: new Date(start).toISOString(), ...preset, ...policy };
      const asked = sla.POST("/v1/calculations", { body: question, headers: command(commandKey()) });
      return (await body(asked)).items;
    },
  });
}
