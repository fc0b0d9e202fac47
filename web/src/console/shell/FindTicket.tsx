import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { isComposing } from "../../lib/keys";
import type { QueueItem } from "../queue/tickets";
import { useFound } from "./found";
import { isSought } from "./sought";

const ID = "find-ticket";
const LIST = "found-tickets";
/** Codes have their words in a file of its own, which no page needs for its first row. */
const Candidates = lazy(async () => ({ default: (await import("./Candidates")).Candidates }));
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export function focusSearch(): void {
  document.getElementById(ID)?.focus();
}

/** Words in, the newest tickets that have them out, each with why; Enter opens the one chosen, or all in the queue. */
export function FindTicket() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const found = useFound(isOpen ? words : "");
  const items = found ?? [];
  function close(): void {
    setOpen(false);
    setChosen(-1);
  }
  function open({ id }: QueueItem): void {
    close();
    void navigate({ to: "/tickets/$ticketId", params: { ticketId: id } });
  }
  function find(event: FormEvent): void {
    event.preventDefault();
    const item = items[chosen];
    if (item) open(item);
    else if (isSought(words)) {
      close();
      void navigate({ to: "/tickets", search: { q: words.trim() } });
    }
  }
  function walk(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    const step = STEPS[event.key];
    if (event.key === "Escape") close();
    if (!step || items.length === 0) return;
    event.preventDefault();
    setChosen(((chosen + step + items.length + 2) % (items.length + 1)) - 1);
  }
  return (
    <search className="find">
      <form onSubmit={find}>
        <input
          id={ID}
          role="combobox"
          aria-label={t("search.label")}
          aria-autocomplete="list"
          aria-expanded={items.length > 0}
          aria-controls={LIST}
          aria-activedescendant={chosen < 0 ? undefined : `${LIST}-${chosen}`}
          autoComplete="off"
          placeholder={t("search.placeholder")}
          maxLength={100}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setOpen(true);
            setChosen(-1);
          }}
          onKeyDown={walk}
          onBlur={close}
        />
        <Suspense fallback={<div id={LIST} role="listbox" hidden />}>
          <Candidates id={LIST} items={items} chosen={chosen} onOpen={open} />
        </Suspense>
        <span className="find-hint" aria-live="polite">
          {isOpen && words.trim() !== "" && !isSought(words) && t("search.short")}
          {isOpen && found?.length === 0 && t("search.none")}
        </span>
      </form>
    </search>
  );
}
