import { Button } from "antd";
import { lazy, Suspense, useEffect, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog";
import { Loading } from "../ui/Loading";
import type { Use } from "./snippets";
import { withText } from "./snippetTexts";

const choice = () => import("./SnippetChoice");
const SnippetChoice = lazy(() => choice().then((found) => ({ default: found.SnippetChoice })));

interface SnippetMenuProps {
  /** The id of the field that it writes into. */
  field: string;
  use: Use;
  kind: string | null;
  /** All that stands in the field from now on. */
  onWrite: (text: string) => void;
}

/** 常用语 for one field: by its button, or by Ctrl+; within the field. */
export function SnippetMenu({ field, use, kind, onWrite }: SnippetMenuProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    choice().catch(() => undefined); // as a rule it is there before anybody asks for it
  }, []);
  useLayoutEffect(() => {
    function press(event: KeyboardEvent): void {
      if (!isAsked(event) || document.activeElement?.id !== field) return;
      event.preventDefault();
      setOpen(true);
    }
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [field]);
  function write(inserted: string): void {
    const element = document.getElementById(field);
    if (!(element instanceof HTMLTextAreaElement)) return;
    const { value, selectionStart: start, selectionEnd: end } = element;
    // While the dialog stands, nothing behind it takes the focus.
    flushSync(() => {
      setOpen(false);
      onWrite(withText(value, inserted, start, end));
    });
    element.focus();
    element.setSelectionRange(start + inserted.length, start + inserted.length);
  }
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t("snippets.insert")}{" "}
        <span className="key" aria-hidden="true">
          Ctrl+;
        </span>
      </Button>
      {isOpen && (
        <Dialog title={t("snippets.title")} onClose={() => setOpen(false)}>
          {/* What is typed from now on is not the field's, though the texts have yet to come. */}
          <Suspense fallback={<Loading lines={3} />}>
            <SnippetChoice use={use} kind={kind} onChoose={write} onClose={() => setOpen(false)} />
          </Suspense>
        </Dialog>
      )}
    </>
  );
}

/** A Chinese keyboard has another semicolon on the same key. */
function isAsked({ ctrlKey, metaKey, altKey, key, code }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && !altKey && (key === ";" || code === "Semicolon");
}
