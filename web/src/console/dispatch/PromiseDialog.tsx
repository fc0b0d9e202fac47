import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Dialog } from "../../ui/Dialog";
import type { Move } from "./planning";
import { type Plan, slotOf } from "./visit";

interface PromiseDialogProps {
  move: Move;
  plan: Plan;
  onPlan: (move: Move) => void;
  onClose: () => void;
}

const said = (instant: number) => dateTime(new Date(instant).toISOString());

/** Before a time goes that the customer agreed to: do they know? */
export function PromiseDialog({ move, plan, onPlan, onClose }: PromiseDialogProps) {
  const { t } = useTranslation();
  const promised = slotOf(move.order)?.start ?? plan.start;
  return (
    <Dialog title={t("board.promise")} onClose={onClose}>
      <p>{t("board.promiseOf", { before: said(promised), after: said(plan.start) })}</p>
      <div className="acts">
        <Button type="primary" onClick={() => onPlan({ ...move, plan: { ...plan, confirmed: true } })}>
          {t("board.promiseAgreed")}
        </Button>
        <Button onClick={() => onPlan({ ...move, plan: { ...plan, confirmed: false } })}>
          {t("board.promiseOffer")}
        </Button>
        <Button onClick={onClose}>{t("board.abandon")}</Button>
      </div>
    </Dialog>
  );
}
