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

/** Leaves for the sign-in, which comes back to this address. */
export function signIn(): void {
  const here = location.pathname + location.search;
  location.assign(`/auth/login?to=${encodeURIComponent(here)}`);
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
