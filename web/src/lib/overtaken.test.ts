import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { readOvertakenAgain } from "./overtaken";

vi.stubGlobal("document", { hidden: false });

/** What is read somewhere, and who waits for each answer. */
function read() {
  const queries = new QueryClient();
  readOvertakenAgain(queries);
  const answers: ((answer: string) => void)[] = [];
  const refusals: ((error: Error) => void)[] = [];
  const wasStale: (boolean | undefined)[] = [];
  const queryFn = () =>
    new Promise<string>((resolve, reject) => {
      wasStale.push(queries.getQueryState(["ticket"])?.isInvalidated);
      answers.push(resolve);
      refusals.push(reject);
    });
  const shown = new QueryObserver(queries, { queryKey: ["ticket"], queryFn, retry: false });
  shown.subscribe(() => undefined);
  async function answered(nth: number, words: string): Promise<void> {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(nth));
    answers[nth]?.(words);
    await vi.waitFor(() => expect(shown.getCurrentResult().data).toBe(words));
  }
  async function refused(nth: number): Promise<void> {
    refusals[nth]?.(new Error("busy"));
    await vi.waitFor(() => expect(shown.getCurrentResult().isError).toBe(true));
  }
  async function again(): Promise<void> {
    void shown.refetch();
    await Promise.resolve();
  }
  const change = () => void queries.invalidateQueries();
  return { change, answered, refused, again, asked: () => answers.length, wasStale };
}

test("what changes while it is read for the first time is read once more", async () => {
  const { change, answered } = read();
  change();
  await answered(0, "as it was");
  await answered(1, "as it is");
});

test("so is what could not be read before", async () => {
  const { change, answered, refused, again } = read();
  await refused(0);
  await again();
  change();
  await answered(1, "as it was");
  await answered(2, "as it is");
});

test("who reads what was made stale may know it, as names that were erased are forgotten by it", async () => {
  const { change, answered, refused, again, wasStale } = read();
  await refused(0);
  await again();
  change();
  await answered(1, "as it was");
  await answered(2, "as it is");
  expect(wasStale).toEqual([false, true, true]);
});

test("what was read after its change is not read again", async () => {
  const { change, answered, asked } = read();
  await answered(0, "as it was");
  change();
  await answered(1, "as it is");
  await new Promise((resume) => setTimeout(resume, 20));
  expect(asked()).toBe(2);
});
