import { lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { useWhileShown } from "../../lib/useWhileShown";
import type { Act } from "../../lib/visitSteps";
import { Empty } from "../../ui/Empty";
import { Link } from "../Link";
import { foreseen } from "../lanes";
import { usePhoneState } from "../phone";
import { go } from "../place";
import type { Visit } from "../snapshot";
import { useTaking } from "../useTaking";
import { WordsForm } from "../worded";

/** The page does not wait for it; it is there before a network can go, and stays although a new release comes. */
const pad = import("../../ui/SignaturePad");
const SignaturePad = lazy(() => pad.then((found) => ({ default: found.SignaturePad })));

/** 验收: what was done, turned to the customer, who signs for it or says why not. */
export function Acceptance({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const { log } = usePhoneState();
  const [isRejecting, setRejecting] = useState(false);
  const order = foreseen(visit.order, log);
  const { take, isBusy, trouble } = useTaking(order.id);
  const back = { page: "visit", id: order.id } as const;
  const leave = useWhileShown(() => go(back));
  if (order.status !== "completed")
    return <Empty next={<Link to={back}>{t("field.task")}</Link>}>{t("field.notCompleted")}</Empty>;
  async function say(act: Act): Promise<void> {
    if (await take(act)) leave();
  }
  return (
    <>
      <Link className="button" to={back}>
        {t("field.task")}
      </Link>
      <h1>{t("field.acceptance")}</h1>
      <Summary visit={visit} result={order.result} />
      {trouble && <p role="alert">{t(`field.${trouble}`)}</p>}
      {isRejecting ? (
        <Suspense>
          <WordsForm step="rejection" isBusy={isBusy} onSay={say} onClose={() => setRejecting(false)} />
        </Suspense>
      ) : (
        <>
          <Suspense>
            <Signing name={visit.contact?.name ?? ""} isBusy={isBusy} onSay={say} />
          </Suspense>
          <button type="button" onClick={() => setRejecting(true)}>
            {t("workOrder.step.rejection")}
          </button>
        </>
      )}
    </>
  );
}

function Summary({ visit: { ticket, contact }, result }: { visit: Visit; result: string | null }) {
  return (
    <div className="summary">
      <p>{[ticket?.number, contact?.name].filter(Boolean).join(" · ")}</p>
      <p>{ticket?.summary}</p>
      <p className="said">{result}</p>
    </div>
  );
}

interface SigningProps {
  /** Who signs, as a rule. */
  name: string;
  isBusy: boolean;
  onSay: (act: Act) => void;
}

function Signing({ name, isBusy, onSay }: SigningProps) {
  const { t } = useTranslation();
  const id = useId();
  const [signedBy, setSignedBy] = useState(name);
  const [signature, setSignature] = useState("");
  const isSigned = signedBy.trim() !== "" && signature !== "";
  return (
    <>
      <label htmlFor={id}>{t("workOrder.signedBy")}</label>
      <input
        id={id}
        value={signedBy}
        maxLength={limits.dispatch.Acceptance.signed_by.max}
        onChange={(event) => setSignedBy(event.target.value)}
      />
      <SignaturePad name={signedBy} onChange={setSignature} />
      <button
        type="button"
        className="main"
        disabled={!isSigned || isBusy}
        onClick={() => onSay({ step: "acceptance", body: { signed_by: signedBy, signature } })}
      >
        {t("field.accept")}
      </button>
    </>
  );
}
