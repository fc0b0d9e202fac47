/** What a clock looks like to people: how much of its time is used, or how it ended. */
export type Stage = "calm" | "soon" | "urgent" | "late" | "paused" | "met" | "metLate" | "cancelled";

export interface Timed {
  status: "running" | "paused" | "met" | "cancelled";
  due_at: string | null;
  breached: boolean;
  /** When half and three quarters of the target are used up, as the service works them out. */
  soon_at: string | null;
  urgent_at: string | null;
}

/** Colour comes last: a sign and a word say the same. Dark fill for late only, which differs in lightness, too. */
export const SIGN: Record<Stage, string> = {
  calm: "○",
  soon: "◔",
  urgent: "◕",
  late: "✕",
  paused: "‖",
  met: "✓",
  metLate: "✓✕",
  cancelled: "–",
};

/** The stage at `now` (milliseconds). Instants are only compared: working time is the service's to count. */
export function stageOf(clock: Timed, now: number): Stage {
  if (clock.status === "cancelled") return "cancelled";
  if (clock.status === "met") return clock.breached ? "metLate" : "met";
  if (clock.breached || reached(clock.due_at, now)) return "late";
  if (clock.status === "paused") return "paused";
  if (reached(clock.urgent_at, now)) return "urgent";
  return reached(clock.soon_at, now) ? "soon" : "calm";
}

/** Open clocks before ended ones, then by deadline, the nearest first. */
export function byDeadline(one: Ranked, other: Ranked): number {
  return rank(one) - rank(other);
}

type Ranked = Pick<Timed, "status" | "due_at">;

function rank(clock: Ranked): number {
  if (clock.status === "met" || clock.status === "cancelled") return Number.MAX_VALUE;
  return clock.due_at ? Date.parse(clock.due_at) : Number.MAX_SAFE_INTEGER;
}

function reached(instant: string | null | undefined, now: number): boolean {
  return instant != null && Date.parse(instant) <= now;
}
