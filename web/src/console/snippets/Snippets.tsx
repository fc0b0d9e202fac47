import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { DepartmentPage } from "../DepartmentPage";
import { useLabel } from "../labels";
import { type Snippet, snippets } from "../snippets";
import { textOf } from "../snippetTexts";

/** 常用语: the department's short texts, kept by managers, with what became of them. */
export function Snippets() {
  const { t } = useTranslation();
  const most = (name: "title" | "chinese" | "english") => limitOf("NewSnippet", name).max;
  return (
    <DepartmentPage
      list={snippets}
      name={({ title }) => title}
      about={(snippet) => <About of={snippet} />}
      became={({ title }) => title}
      fields={[
        { name: "title", label: t("snippets.name"), max: most("title"), isNeeded: true },
        { name: "chinese", label: t("snippets.chinese"), max: most("chinese"), isLong: true },
        { name: "english", label: t("snippets.english"), max: most("english"), isLong: true },
        { name: "use", label: t("snippets.use"), codes: "snippet_use", unsaid: t("snippets.anyUse") },
        { name: "kind", label: t("snippets.kind"), codes: "ticket_kind", unsaid: t("snippets.anyKind") },
      ]}
    />
  );
}

function About({ of }: { of: Snippet }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <>
      {textOf(of)}
      <p className="quiet">
        {of.use ? label("snippet_use", of.use) : t("snippets.anyUse")} ·{" "}
        {of.kind ? label("ticket_kind", of.kind) : t("snippets.anyKind")}
      </p>
    </>
  );
}
