import createClient, { type Middleware } from "openapi-fetch";
import type { paths as Dispatch } from "../api/dispatch.gen";
import type { paths as Intake } from "../api/intake.gen";
import type { paths as Sla } from "../api/sla.gen";
import type { paths as Survey } from "../api/survey.gen";
import type { paths as Triage } from "../api/triage.gen";
import { seen } from "./now";
import { problemIn, Refused, unreachable } from "./problem";
import { language } from "./words";

/** Milliseconds before a request is sent again that found nobody. A command has its key, so that it is done once. */
const PAUSES = [300, 1500];

/** A name for a command: sent again with it, the command is answered and not repeated. */
export function commandKey(): string {
  return crypto.randomUUID();
}

/** Headers of a command; `etag` where nobody may have changed meanwhile what was read. */
export function command(key: string, etag?: string | null): Record<string, string> {
  return { "Idempotency-Key": key, ...(etag ? { "If-Match": etag } : {}) };
}

async function persistent(request: Request): Promise<Response> {
  for (const pause of PAUSES) {
    const answer = await fetch(request.clone()).catch(() => null);
    if (answer && answer.status !== 503) return answer;
    await new Promise((resume) => setTimeout(resume, pause));
  }
  return fetch(request).catch(() => {
    throw new Refused(unreachable);
  });
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language());
    return request;
  },
  async onResponse({ response }) {
    seen(response.headers.get("Aftercare-Now") ?? response.headers.get("Date"));
    if (!response.ok) throw new Refused(await problemIn(response));
  },
};

function client<Paths extends object>(service: string) {
  const made = createClient<Paths>({
    baseUrl: new URL(`/api/${service}`, location.href).href,
    fetch: persistent,
    querySerializer: { array: { style: "form", explode: true } },
  });
  made.use(manners);
  return made;
}

export const dispatch = client<Dispatch>("dispatch");
export const intake = client<Intake>("intake");
export const sla = client<Sla>("sla");
export const survey = client<Survey>("survey");
export const triage = client<Triage>("triage");

/** What was read, and the ETag by which a command says so. */
export async function tagged<Data>(
  answer: Promise<{ data?: Data; response: Response }>,
): Promise<[NonNullable<Data>, string | null]> {
  return [await body(answer), (await answer).response.headers.get("ETag")];
}

/** The body of a successful answer: whatever is not one was thrown. */
export async function body<Data>(answer: Promise<{ data?: Data }>): Promise<NonNullable<Data>> {
  const { data } = await answer;
  if (data === undefined || data === null) throw new Error("an answer without a body");
  return data;
}
