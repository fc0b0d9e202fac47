import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import Pad from "signature_pad";
import "./SignaturePad.css";

const INK = "#1c2733";
/** Pixels of the picture for one of the screen's: more make it larger, and no clearer. */
const MOST = 2;

interface SignaturePadProps {
  /** Whose signature it is: whoever cannot draw has the name written in. */
  name: string;
  /** A PNG in base64; empty: nothing stands on the pad. */
  onChange: (signature: string) => void;
}

/**
 * Where somebody signs: drawn with a finger, a pen or a mouse, or by keyboard with the name that was typed. Console and
 * phone give its buttons their looks.
 */
export function SignaturePad({ name, onChange }: SignaturePadProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const sheet = useRef<Sheet>(null);
  const [isSigned, setSigned] = useState(false);
  const id = useId();
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => {
    const opened = sheetOn(canvas.current as HTMLCanvasElement, (signature) => {
      setSigned(signature !== "");
      tell.current(signature);
    });
    sheet.current = opened;
    return opened.close;
  }, []);
  useEffect(() => {
    // A name that was corrected is not the one that stands there.
    if (sheet.current?.written() && sheet.current.written() !== name) sheet.current.clear();
  }, [name]);
  return (
    <div className="signature">
      <span id={id}>{t("signature.label")}</span>
      <canvas ref={canvas} role="img" aria-labelledby={id} aria-describedby={`${id}-state`} />
      <p id={`${id}-state`} role="status">
        {t(isSigned ? "signature.signed" : "signature.hint")}
      </p>
      <div className="acts">
        <button type="button" disabled={!name.trim()} onClick={() => sheet.current?.write(name)}>
          {t("signature.write")}
        </button>
        <button type="button" disabled={!isSigned} onClick={() => sheet.current?.clear()}>
          {t("signature.clear")}
        </button>
      </div>
    </div>
  );
}

interface Sheet {
  /** The name that stands there in letters; empty: none. */
  written: () => string;
  write: (name: string) => void;
  clear: () => void;
  close: () => void;
}

/** The pad on a canvas: as sharp as the screen, and what was drawn stays when its width changes. */
function sheetOn(canvas: HTMLCanvasElement, tell: (signature: string) => void): Sheet {
  const pad = new Pad(canvas, { backgroundColor: "#ffffff", penColor: INK });
  let words = "";
  pad.addEventListener("endStroke", say);
  const resized = new ResizeObserver(fit);
  resized.observe(canvas);

  function say(): void {
    tell(canvas.toDataURL("image/png").replace(/^data:[^,]*,/, ""));
  }
  function fit(): void {
    const strokes = pad.toData();
    const ratio = Math.min(MOST, devicePixelRatio);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d")?.scale(ratio, ratio);
    pad.fromData(strokes);
    if (words) letter(canvas, words);
    if (words || strokes.length > 0) say();
  }
  function write(name: string): void {
    pad.clear();
    words = name;
    letter(canvas, name);
    say();
  }
  function clear(): void {
    pad.clear();
    words = "";
    tell("");
  }
  function close(): void {
    resized.disconnect();
    pad.off();
  }
  return { written: () => words, write, clear, close };
}

/** The name across the middle, as large as there is room for. */
function letter(canvas: HTMLCanvasElement, name: string): void {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const drawing = canvas.getContext("2d");
  if (!drawing) return;
  drawing.font = `italic ${height / 3}px serif`;
  drawing.fillStyle = INK;
  drawing.textAlign = "center";
  drawing.textBaseline = "middle";
  drawing.fillText(name, width / 2, height / 2, width * 0.9);
}
