import { useRef } from "react";
import { commandKey } from "./clients";

/**
 * Idempotency-Keys of one form: the same words sent again are the same command, so that a second click or a repetition
 * after a lost answer does nothing twice; other words are another command.
 */
export function useCommandKey(): (body: unknown) => string {
  const sent = useRef({ words: "", key: "" });
  return (body) => {
    const words = JSON.stringify(body);
    if (sent.current.words !== words) sent.current = { words, key: commandKey() };
    return sent.current.key;
  };
}

/**
 * The Idempotency-Key of a draft: its words are the same command however often they are sent, also once it was put
 * aside, or the page was loaded again. Nobody reads the words out of it, for nobody else knows the draft's id.
 */
export async function keyOfDraft(id: string, body: unknown): Promise<string> {
  const words = new TextEncoder().encode(`${id} ${JSON.stringify(body)}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", words));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
