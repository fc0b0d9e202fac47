/** Every code of a field: one that is missing or made up does not compile. What they are called comes with the page. */
export function every<Code extends string>(codes: Record<Code, true>): Code[] {
  return Object.keys(codes) as Code[];
}
