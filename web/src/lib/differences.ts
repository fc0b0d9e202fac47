/** A field of what a page shows: its name, and how its value reads. */
export type Field<Thing> = readonly [name: string, said: (thing: Thing) => string | null | undefined];

export interface Changed {
  name: string;
  before: string;
  after: string;
}

/** The fields that read otherwise in two readings of one thing. */
export function differences<Thing>(fields: readonly Field<Thing>[], before: Thing, after: Thing): Changed[] {
  return fields.flatMap(([name, said]) => {
    const changed = { name, before: said(before) || "–", after: said(after) || "–" };
    return changed.before === changed.after ? [] : [changed];
  });
}

/** The fields of a part of something, as fields of the whole; they read as nothing while there is no such part. */
export function fieldsOf<Whole, Part>(part: (whole: Whole) => Part | null, fields: readonly Field<Part>[]) {
  return fields.map(([name, said]): Field<Whole> => {
    return [
      name,
      (whole) => {
        const found = part(whole);
        return found === null ? null : said(found);
      },
    ];
  });
}
