import type { StoryItem } from "../../history";

const ALWAYS = ["customer-feedback-register", "repair-feedback"] as const;
const RECEIPT = "customer-receipt";

type Paper = (typeof ALWAYS)[number] | typeof RECEIPT;

/** The print-outs of a ticket: the receipt, too, once an answer closed it; the gateway decides again. */
export function papersOf(story: readonly Pick<StoryItem, "type" | "fields">[]): Paper[] {
  return story.some(isAnswer) ? [...ALWAYS, RECEIPT] : [...ALWAYS];
}

function isAnswer({ type, fields }: Pick<StoryItem, "type" | "fields">): boolean {
  return type === "intake.TicketClosed" && typeof fields.answer_id === "string";
}
