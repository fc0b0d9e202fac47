import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { leave } from "../../lib/person";
import { language, speak } from "../../lib/words";
import { usePhone, usePhoneState } from "../phone";

/** Who works here, their language, and the way out: not before everything is sent, for signing out wipes the phone. */
export function Account({ isSent }: { isSent: boolean }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { engineer, link } = usePhoneState();
  const [isLeaving, setLeaving] = useState(false);
  const other = language() === "en" ? "zh-CN" : "en";
  async function signOut(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    setLeaving(true);
    if (await phone.leave()) {
      leave();
      form.submit();
    } else setLeaving(false);
  }
  return (
    <section aria-label={t("menu.label")}>
      <p>{engineer.name}</p>
      <button type="button" lang={other} onClick={() => void speak(other)}>
        {t("menu.language")}
      </button>
      <form method="post" action="/auth/logout" onSubmit={(event) => void signOut(event)}>
        <button type="submit" disabled={!isSent || isLeaving || link !== "online"}>
          {t("menu.signOut")}
        </button>
        {!isSent && <p>{t("field.unsent")}</p>}
      </form>
    </section>
  );
}
