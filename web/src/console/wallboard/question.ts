import type { components } from "../../api/sla.gen";

export type Question = components["schemas"]["Question"];

/** The form as it is filled in: times as `datetime-local` has them, in the reader's zone; no preset: what is in force. */
export interface Asked {
  start: string;
  level: number;
  preset: string;
  pauses: { start: string; end: string }[];
}

export const BLANK: Asked = { start: "", level: 2, preset: "", pauses: [] };

export function questionOf({ start, level, preset, pauses }: Asked): Question {
  return {
    start: instant(start),
    level,
    pauses: pauses.map((pause) => ({ start: instant(pause.start), end: instant(pause.end) })),
    ...(preset && { preset }),
  };
}

function instant(local: string): string {
  return new Date(local).toISOString();
}
