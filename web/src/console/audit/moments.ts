interface Recorded {
  recorded_at: string;
}

/** The instants at which something became known, to the millisecond, the earliest first: the last of each stands for it. */
export function momentsOf(story: readonly Recorded[]): string[] {
  const moments = story
    .map(({ recorded_at }) => recorded_at)
    .sort((one, other) => byTime(one, other) || (one < other ? -1 : 1));
  return moments.filter((moment, place) => byTime(moment, moments[place + 1] ?? "") !== 0);
}

/** What was known at an instant, in the order in which it became known; without one, all. */
export function knownAt<Event extends Recorded>(story: readonly Event[], at: string | undefined): Event[] {
  const limit = at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
  const known = story.filter(({ recorded_at }) => Date.parse(recorded_at) <= limit);
  return known.sort((one, other) => byTime(one.recorded_at, other.recorded_at));
}

/** The last of the moments that an instant has seen, by its index; -1 before the first, the last one without an instant. */
export function stepOf(moments: readonly string[], at: string | undefined): number {
  if (at === undefined) return moments.length - 1;
  return moments.filter((moment) => Date.parse(moment) <= Date.parse(at)).length - 1;
}

/** As a field for date and time has it, in the reader's zone and to the second. */
export function localOf(at: string): string {
  const shifted = new Date(Date.parse(at) - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

function byTime(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}
