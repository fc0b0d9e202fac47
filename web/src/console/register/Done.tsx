import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/intake.gen";
import { useLabel } from "../labels";

interface DoneProps {
  opened: components["schemas"]["OpenedTicket"];
  onNext: () => void;
}

/** The number, as large as it has to be to be read out, and what comes next. */
export function Done({ opened, onNext }: DoneProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="panel" aria-labelledby="done">
      <h2 id="done" ref={heading} tabIndex={-1}>
        {t("register.done")}
      </h2>
      <p>{t("register.say")}</p>
      <p className="number-said">{opened.number}</p>
      <p>
        {t("ticket.warranty")}: {label("verdict", opened.warranty.verdict)}
      </p>
      <div className="acts">
        <Button type="primary" onClick={onNext}>
          {t("register.next")}
        </Button>
        <Link to="/tickets/$ticketId" params={{ ticketId: opened.id }}>
          {t("register.open")}
        </Link>
      </div>
    </section>
  );
}
