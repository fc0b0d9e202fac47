interface Reached {
  lane: number;
  seq: number;
}

/** Of one source: how many of its events a service has yet to apply. */
export interface Lag {
  source: string;
  events: number;
}

/**
 * What each source has published and the service has not applied, by source. Of a source whose heads are not known
 * nothing is said. Positions are read before or after the heads: what was applied meanwhile is not counted below nought.
 */
export function lagsOf(
  heard: readonly (Reached & { source: string })[],
  published: ReadonlyMap<string, readonly Reached[]>,
): Lag[] {
  const sources = [...new Set(heard.map(({ source }) => source))].sort();
  return sources.flatMap((source) => {
    const heads = published.get(source);
    if (!heads) return [];
    const at = new Map(heard.filter((lane) => lane.source === source).map(({ lane, seq }) => [lane, seq]));
    const behind = heads.map(({ lane, seq }) => Math.max(0, seq - (at.get(lane) ?? 0)));
    return [{ source, events: behind.reduce((sum, each) => sum + each, 0) }];
  });
}
