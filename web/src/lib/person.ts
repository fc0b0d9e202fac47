import { createContext, useContext } from "react";
import type { Language } from "./words";

/** Who is signed in, as the gateway answers `/auth/me`. */
export interface Person {
  subject: string;
  name: string;
  roles: string[];
  region: string | null;
  locale: Language | null;
  /** What this person's drafts are sealed with, base64url. */
  draft_key: string;
}

/** Null when nobody is signed in. */
export async function signedIn(): Promise<Person | null> {
  const answer = await fetch("/auth/me", { headers: { Accept: "application/json" } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`/auth/me answered ${answer.status}`);
  return (await answer.json()) as Person;
}

/** Milliseconds in which somebody who signs out, in whichever tab, has reached the issuer: before that it would let them in again. */
const SIGNING_OUT = 2000;
let going = false;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Called as the person signs out here: what is answered from now on leads nowhere else. */
export function leave(): void {
  going = true;
}

/** Leaves for the sign-in, which comes back to this address. */
export function signIn(): void {
  going = true;
  clearTimeout(soon);
  const here = location.pathname + location.search;
  location.assign(`/auth/login?to=${encodeURIComponent(here)}`);
}

/** The session is over while the page stands open. */
export function signInAgain(): void {
  if (going) return;
  going = true;
  soon = setTimeout(signIn, SIGNING_OUT);
}

export const Signed = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = useContext(Signed);
  if (!person) throw new Error("nobody is signed in");
  return person;
}

export function hasRole(person: Person, roles: readonly string[]): boolean {
  return person.roles.some((role) => roles.includes(role));
}
