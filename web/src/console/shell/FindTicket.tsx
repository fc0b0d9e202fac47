import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

const ID = "find-ticket";

export function focusSearch(): void {
  document.getElementById(ID)?.focus();
}

/** The queue, of the ticket with this number. */
export function FindTicket() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [number, setNumber] = useState("");
  function find(event: FormEvent): void {
    event.preventDefault();
    const wanted = number.trim().toUpperCase();
    if (wanted) void navigate({ to: "/tickets", search: { number: wanted } });
  }
  return (
    <search className="find">
      <form onSubmit={find}>
        <input
          id={ID}
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
      </form>
    </search>
  );
}
