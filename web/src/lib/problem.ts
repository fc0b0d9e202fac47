export interface Problem {
  status: number;
  code: string;
  title: string;
  /** A sentence for people, in the language that was asked for. */
  detail: string;
  trace_id: string;
  errors?: { field: string; detail: string }[];
}

/** A request that was not carried out, and why. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

export function problemOf(error: unknown): Problem | null {
  return error instanceof Refused ? error.problem : null;
}

export function isProblem(error: unknown, code: string): boolean {
  return problemOf(error)?.code === code;
}

/** The problem that a refused answer tells, or one of its status where something between us and the service answered. */
export async function problemIn(answer: Response): Promise<Problem> {
  if (answer.headers.get("content-type")?.startsWith("application/problem+json"))
    return (await answer.json()) as Problem;
  const title = answer.statusText || String(answer.status);
  return { status: answer.status, code: "no-problem-told", title, detail: "", trace_id: "" };
}

/** No answer came at all. */
export const unreachable: Problem = { status: 0, code: "unreachable", title: "", detail: "", trace_id: "" };
