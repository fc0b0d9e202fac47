import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { readOvertakenAgain } from "./overtaken";

vi.stubGlobal("document", { hidden: false });

/** What is read somewhere, and who waits for each answer. */
function read() {
  const queries = new QueryClient();
  readOvertakenAgain(queries);
  const answers: ((answer: string) => void)[] = [];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const shown = new QueryObserver(queries, { queryKey: ["ticket"], queryFn });
  shown.subscribe(() => undefined);
  async function answered(nth: number, words: string): Promise<void> {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(nth));
    answers[nth]?.(words);
    await vi.waitFor(() => expect(shown.getCurrentResult().data).toBe(words));
  }
  return { change: () => void queries.invalidateQueries(), answered, asked: () => answers.length };
}

test("what changes while it is read for the first time is read once more", async () => {
  const { change, answered } = read();
  change();
  await answered(0, "as it was");
  await answered(1, "as it is");
});

test("what was read after its change is not read again", async () => {
  const { change, answered, asked } = read();
  await answered(0, "as it was");
  change();
  await answered(1, "as it is");
  await new Promise((resume) => setTimeout(resume, 20));
  expect(asked()).toBe(2);
});
