import { type Person, signedIn } from "../lib/person";
import { type AreaName, areasOf } from "./areas";

let asked: Promise<Person | null> | undefined;

/** Who is signed in: the gateway is asked once, whoever wants to know. */
export function whoIs(): Promise<Person | null> {
  asked ??= signedIn();
  return asked;
}

/** Begins to read for an area, before there is a page, once it is known that the person has the area. */
export async function readAheadFor(name: AreaName, read: () => void): Promise<void> {
  const person = await whoIs().catch(() => null); // the page's start says what failed
  if (person && areasOf(person).some((area) => area.name === name)) read();
}
