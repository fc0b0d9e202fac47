import { useQuery } from "@tanstack/react-query";
import { problemIn, Refused } from "../../lib/problem";

/** A browser where this person is signed in. */
export interface Session {
  began_at: string;
  used_at: string;
  ends_at: string;
  is_this: boolean;
}

/** As the gateway answers `/auth/settings`. */
export interface Settings {
  sessions: Session[];
  idle_seconds: number;
  session_seconds: number;
  timezone: string;
  phone_region: string;
}

/** Who is shown what the department is set to. */
export const MAY_SEE = ["manager", "director", "operator", "auditor"];

export function useSettings() {
  return useQuery({ queryKey: ["settings"], queryFn: read });
}

async function read(): Promise<Settings> {
  const answer = await fetch("/auth/settings", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Refused(await problemIn(answer));
  return (await answer.json()) as Settings;
}
