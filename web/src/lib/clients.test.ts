import i18next from "i18next";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

vi.hoisted(() => vi.stubGlobal("location", new URL("http://console.test/")));

import { body, command, intake } from "./clients";
import { isProblem } from "./problem";

const TICKET = { id: "01955c1e-7b00-7000-8000-000000000001", version: 1, status: "cancelled" };
const PATH = { params: { path: { ticket_id: TICKET.id } } };
const sent: Request[] = [];

function answering(...answers: (() => Response)[]): void {
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request);
    return (answers.length > 1 ? answers.shift() : answers[0])?.();
  });
}

const json = (status: number, content: unknown, type = "application/json") =>
  new Response(JSON.stringify(content), { status, headers: { "Content-Type": type } });
const cancel = () =>
  body(intake.POST("/v1/tickets/{ticket_id}/cancellation", { ...PATH, headers: command("a-key", '"3"') }));

beforeAll(async () => {
  await i18next.init({ lng: "en" });
});
beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout"] }));
afterEach(() => vi.useRealTimers());

test("a command names itself, what it was decided on, and the language of the answer", async () => {
  answering(() => json(200, TICKET));
  expect(await cancel()).toEqual(TICKET);
  const headers = sent[0]?.headers;
  expect(["Idempotency-Key", "If-Match", "Accept-Language"].map((name) => headers?.get(name))).toEqual([
    "a-key",
    '"3"',
    "en",
  ]);
});

test("a service that is busy for a moment is asked again with the same key", async () => {
  answering(
    () => json(503, {}),
    () => json(200, TICKET),
  );
  const answer = cancel();
  await vi.runAllTimersAsync();
  expect(await answer).toEqual(TICKET);
  expect(sent.map((request) => request.headers.get("Idempotency-Key"))).toEqual(["a-key", "a-key"]);
});

test("a problem is thrown with its code", async () => {
  const problem = { status: 412, code: "stale-version", title: "", detail: "Somebody changed it", trace_id: "1f" };
  answering(() => json(412, problem, "application/problem+json"));
  const error = await cancel().catch((thrown: unknown) => thrown);
  expect(isProblem(error, "stale-version")).toBe(true);
});

test("an answer of something in between is a problem, too", async () => {
  answering(() => new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
  expect(await cancel().catch((thrown: Error) => thrown.message)).toBe("Bad Gateway");
});

test("no answer at all is told after three attempts", async () => {
  answering(() => {
    throw new TypeError("failed to fetch");
  });
  const answer = cancel().catch((thrown: unknown) => thrown);
  await vi.runAllTimersAsync();
  expect(isProblem(await answer, "unreachable")).toBe(true);
  expect(sent).toHaveLength(3);
});
