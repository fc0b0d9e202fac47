import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import Pad from "signature_pad";

/** Pixels of the picture for one of the screen's: more make it larger, and no clearer. */
const MOST = 2;

/** Where the customer signs. `onSign` is told a PNG in base64 after each stroke, and "" when it is cleared. */
export function SignaturePad({ onSign }: { onSign: (png: string) => void }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<Pad>(null);
  const heard = useRef(onSign);
  heard.current = onSign;
  useEffect(() => {
    const paper = canvas.current as HTMLCanvasElement;
    const ratio = Math.min(MOST, devicePixelRatio);
    paper.width = paper.clientWidth * ratio;
    paper.height = paper.clientHeight * ratio;
    paper.getContext("2d")?.scale(ratio, ratio);
    const made = new Pad(paper, { penColor: "#10293d", minWidth: 1, maxWidth: 3 });
    made.addEventListener("endStroke", () => heard.current(made.toDataURL("image/png").replace(/^data:[^,]*,/, "")));
    pad.current = made;
    return () => made.off();
  }, []);
  function clear(): void {
    pad.current?.clear();
    onSign("");
  }
  return (
    <div>
      <canvas ref={canvas} className="paper" role="img" aria-label={t("field.signHere")} />
      <button type="button" onClick={clear}>
        {t("field.signAgain")}
      </button>
    </div>
  );
}
