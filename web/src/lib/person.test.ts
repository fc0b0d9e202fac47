import { afterEach, beforeEach, expect, test, vi } from "vitest";

const assign = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal("location", { pathname: "/tickets", search: "?status=open", assign });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  assign.mockClear();
});

test("a session that is over leads to the sign-in once, after whoever signed out has reached the issuer", async () => {
  const { signInAgain } = await import("./person");
  signInAgain();
  signInAgain();
  vi.advanceTimersByTime(1000);
  expect(assign).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect(assign.mock.calls).toEqual([["/auth/login?to=%2Ftickets%3Fstatus%3Dopen"]]);
});

test("whoever signs out here is led nowhere else", async () => {
  const { leave, signInAgain } = await import("./person");
  leave();
  signInAgain();
  vi.advanceTimersByTime(60_000);
  expect(assign).not.toHaveBeenCalled();
});
