import { type ModelValues, modelValues } from "./modelForm";
import type { ModelRead } from "./models";

/** A change of a model as it is filled in, beside what it began from: a draft has both. */
export interface ModelChange extends ModelValues {
  from: { etag: string | null; values: ModelValues };
}

export function changeOf({ model, etag }: ModelRead): ModelChange {
  const values = modelValues(model);
  return { ...values, from: { etag, values } };
}

/** The same change of what is on file by now: what its writer did not touch is as it stands there. */
export function renewed(change: ModelChange, read: ModelRead): ModelChange {
  const { values: before } = change.from;
  const now = changeOf(read);
  return {
    ...now,
    maker: change.maker === before.maker ? now.maker : change.maker,
    terms: merged(change.terms, before.terms, now.terms, ({ component_class }) => component_class.trim()),
    components: merged(change.components, before.components, now.components, ({ id }) => id.trim()),
  };
}

/** Lines of a list, each known by a name: those that the writer changed, added or took out, on the newest. */
function merged<Line>(own: Line[], before: Line[], now: Line[], nameOf: (line: Line) => string): Line[] {
  const find = (lines: Line[], name: string) => lines.find((line) => nameOf(line) === name);
  const isTouched = (name: string) => JSON.stringify(find(own, name)) !== JSON.stringify(find(before, name));
  const kept = now.flatMap((line) => {
    const mine = isTouched(nameOf(line)) ? find(own, nameOf(line)) : line;
    return mine ? [mine] : [];
  });
  const added = own.filter((line) => isTouched(nameOf(line)) && !find(now, nameOf(line)));
  return [...kept, ...added];
}
