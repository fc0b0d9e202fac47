import { useTranslation } from "react-i18next";
import { signIn } from "../lib/person";
import { shortTime } from "../lib/times";
import { Link } from "./Link";
import { waitingIn } from "./lanes";
import { usePhoneState } from "./phone";
import { useIsFilling } from "./room";

/** How this phone and the services stand: without a network, without a session, what waits and what was refused. */
export function Banner() {
  const { t } = useTranslation();
  const { link, log, snapshot, problem } = usePhoneState();
  const waiting = waitingIn(log);
  const filling = useIsFilling(waiting);
  const refused = log.filter(({ command }) => command.refusal).length;
  return (
    <header className={link === "online" && refused === 0 ? "banner" : "banner banner-away"}>
      <div role="status" aria-label={t("field.state")}>
        {t(`field.link.${link}`)}
        {waiting > 0 && ` · ${t("field.waiting", { count: waiting })}`}
        {refused > 0 && ` · ${t("field.refused", { count: refused })}`}
        {link !== "online" &&
          snapshot &&
          ` · ${t("field.asOf", { time: shortTime(new Date(snapshot.at).toISOString()) })}`}
      </div>
      {problem && <p role="alert">{problem.detail || problem.title}</p>}
      {filling && <p role="alert">{t("field.filling")}</p>}
      <nav aria-label={t("field.pages")}>
        <Link to={{ page: "today" }}>{t("field.today")}</Link>
        <Link to={{ page: "log" }}>{t("field.log")}</Link>
      </nav>
      {link === "expired" && (
        <button type="button" className="main" onClick={signIn}>
          {t("field.signIn")}
        </button>
      )}
    </header>
  );
}
