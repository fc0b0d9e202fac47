import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { isProblem } from "../../lib/problem";
import { useWhileShown } from "../../lib/useWhileShown";
import { Dialog } from "../../ui/Dialog";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { Notice } from "../../ui/Notice";
import { StepFields } from "./StepFields";
import { BLANK, isFilledIn, type SiteStep, take, type Words } from "./site";
import { type Read, useReadAgain } from "./workOrder";

interface StepDialogProps {
  step: SiteStep;
  /** The work order as it is known by now. */
  read: Read;
  onClose: () => void;
}

/** Asks for what a step needs, and takes it: on the work order as it was shown when the dialog opened. */
export function StepDialog({ step, read, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const keyOf = useCommandKey();
  const done = useWhileShown(onClose);
  const [words, setWords] = useState<Words>(BLANK);
  const [shown, setShown] = useState(read);
  const run = useMutation({
    mutationFn: (on: Read) => take(step, on, words, keyOf([step, on.etag, words])),
    onSettled: async (_answer, failed) => {
      await readAgain(); // or the next step would be about the work order as it was before this one
      if (!failed) done();
    },
  });
  const isStale = isProblem(run.error, "stale-version");
  function confirm(): void {
    const on = isStale ? read : shown;
    setShown(on);
    run.mutate(on);
  }
  return (
    <Dialog title={t(`workOrder.step.${step}`)} onClose={onClose}>
      {/* The buttons wait for the fields: who goes on by Tab passes none of them. */}
      <Suspense fallback={<Loading lines={4} />}>
        <StepFields step={step} words={words} onChange={(changed) => setWords((known) => ({ ...known, ...changed }))} />
        {isStale && <Notice kind="warning" title={t("workOrder.changed")} />}
        {run.error && !isStale && <Failure error={run.error} />}
        <div className="acts">
          <Button type="primary" loading={run.isPending} disabled={!isFilledIn(step, words)} onClick={confirm}>
            {t("workOrder.confirm")}
          </Button>
          <Button onClick={onClose}>{t("workOrder.abandon")}</Button>
        </div>
      </Suspense>
    </Dialog>
  );
}
