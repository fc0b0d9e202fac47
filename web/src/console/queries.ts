import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { readOvertakenAgain } from "../lib/overtaken";
import { signInAgain } from "../lib/person";
import { isProblem } from "../lib/problem";

function onError(error: Error): void {
  if (isProblem(error, "not-signed-in")) signInAgain();
}

/** What the services answered. The client repeats by itself what found nobody: nothing is repeated here. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: { queries: { staleTime: 15_000, retry: false }, mutations: { retry: false } },
});
readOvertakenAgain(queries);
