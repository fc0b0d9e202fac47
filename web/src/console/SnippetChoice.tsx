import { Button, Input } from "antd";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isComposing } from "../lib/keys";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Loading } from "../ui/Loading";
import { useItems } from "./departmentList";
import { snippets, type Use } from "./snippets";
import { fitting, textOf } from "./snippetTexts";
import "./keptList.css";

interface SnippetChoiceProps {
  use: Use;
  kind: string | null;
  onChoose: (text: string) => void;
  onClose: () => void;
}

/** The texts that fit, narrowed by words; Enter takes the first, Tab goes on to the others. */
export function SnippetChoice({ use, kind, onChoose, onClose }: SnippetChoiceProps) {
  const { t } = useTranslation();
  const id = useId();
  const [words, setWords] = useState("");
  const { data, error, isPending } = useItems(snippets);
  const found = fitting(data ?? [], use, kind, words);
  function press(event: KeyboardEvent): void {
    if (event.key !== "Enter" || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    event.stopPropagation(); // Ctrl+Enter sends the form that the dialog stands in
    const [first] = found;
    if (first) onChoose(textOf(first));
  }
  return (
    <>
      <label htmlFor={id}>{t("snippets.find")}</label>
      <Input
        id={id}
        autoFocus
        autoComplete="off"
        value={words}
        onChange={({ target }) => setWords(target.value)}
        onKeyDown={press}
      />
      {error && <Failure error={error} />}
      {isPending && <Loading lines={3} />}
      {data && found.length === 0 && <Empty>{t("snippets.none")}</Empty>}
      <ul className="kept">
        {found.map((each) => (
          <li key={each.id}>
            <Button onClick={() => onChoose(textOf(each))}>{each.title}</Button> {textOf(each)}
          </li>
        ))}
      </ul>
      <div className="acts">
        <Button onClick={onClose}>{t("act.abandon")}</Button>
      </div>
    </>
  );
}
