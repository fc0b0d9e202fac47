import type { EngineerItem } from "./engineers";

/** Whom the list shows, as the address says it. */
export interface Filters {
  region?: string;
  skill?: string;
  /** Without a login nobody can use the phone. */
  login?: "none";
}

export function filtersIn({ region, skill, login }: Record<string, unknown>): Filters {
  return {
    ...(typeof region === "string" && region && { region }),
    ...(typeof skill === "string" && skill && { skill }),
    ...(login === "none" && { login }),
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

export function fitting(engineers: readonly EngineerItem[], { region, skill, login }: Filters): EngineerItem[] {
  return engineers.filter(
    (engineer) =>
      (!region || engineer.region === region) &&
      (!skill || engineer.skills.includes(skill)) &&
      (!login || engineer.actor_id === null),
  );
}

/** What can be chosen: the regions, or the skills, that somebody has. */
export function among(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
