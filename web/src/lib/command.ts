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
