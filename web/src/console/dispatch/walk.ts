const ACROSS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
const DOWN: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

/** By how many steps in time, and by how many lanes, an arrow goes; null: the key is no arrow. */
export function stepOf(key: string): { across: number; down: number } | null {
  const [across, down] = [ACROSS[key] ?? 0, DOWN[key] ?? 0];
  return across || down ? { across, down } : null;
}

/** The bar to go to from what has the focus: the neighbour in the lane, or the nearest in time of the next lane that has one. */
export function neighbour(schedule: HTMLElement, from: Element | null, key: string): HTMLElement | undefined {
  const step = stepOf(key);
  const bar = from?.closest<HTMLElement>("[data-bar]");
  if (!step) return undefined;
  if (!bar) return barsOf(schedule)[0];
  const lane = bar.closest<HTMLElement>("[data-lane]") as HTMLElement;
  if (step.across) return beside(barsOf(lane), bar, step.across);
  const lanes = [...schedule.querySelectorAll<HTMLElement>("[data-lane]")];
  const ahead = step.down > 0 ? lanes.slice(lanes.indexOf(lane) + 1) : lanes.slice(0, lanes.indexOf(lane)).reverse();
  const next = ahead.find((each) => barsOf(each).length > 0);
  return next && nearest(barsOf(next), bar.offsetLeft);
}

function barsOf(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>("[data-bar]")];
}

function beside(bars: readonly HTMLElement[], bar: HTMLElement, by: number): HTMLElement | undefined {
  return bars[bars.indexOf(bar) + by];
}

function nearest(bars: readonly HTMLElement[], left: number): HTMLElement | undefined {
  const distance = (bar: HTMLElement) => Math.abs(bar.offsetLeft - left);
  return [...bars].sort((one, other) => distance(one) - distance(other))[0];
}
