import type { FormInstance } from "antd";
import { fieldErrors } from "../lib/fields";
import { problemOf } from "../lib/problem";

type Name = (string | number)[];

/** Puts what the service said at the fields of the form, or at what holds them. False: some of it has no place there. */
export function putAtFields<Values>(form: FormInstance<Values>, error: unknown): boolean {
  const places = form.getFieldsError().map(({ name }) => name);
  const found = fieldErrors(problemOf(error)).map(({ name, errors }) => ({ name: placeOf(places, name), errors }));
  const placed = found.filter(({ name }) => name !== undefined);
  form.setFields(placed as Parameters<typeof form.setFields>[0]);
  if (placed[0]) form.scrollToField(placed[0].name as Parameters<typeof form.scrollToField>[0], { focus: true });
  return found.length > 0 && placed.length === found.length;
}

/** The field itself, or the nearest that it is part of. */
function placeOf(places: readonly Name[], name: Name): Name | undefined {
  const holding = places.filter((place) => place.every((step, index) => step === name[index]));
  return holding.sort((one, other) => other.length - one.length)[0];
}
