import { Button } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommandKey } from "../../lib/command";
import { usePerson } from "../../lib/person";
import { problemOf } from "../../lib/problem";
import { useWhileShown } from "../../lib/useWhileShown";
import { Failure } from "../../ui/Failure";
import { isOver, type Kind, kindsOf, type Service, send, serviceOf, templateOf, useImport } from "./imports";
import "../field.css";

interface ChooseProps {
  /** The import that is looked at. */
  shown: string | undefined;
  onSent: (service: Service, id: string) => void;
}

/** What was tried: the same file of the same kind may then be imported. */
interface Tried {
  file: File;
  kind: Kind;
  id: string;
}

/** Which kind and which file: tried first, then imported. */
export function Choose({ shown, onSent }: ChooseProps) {
  const { t } = useTranslation();
  const id = useId();
  const kinds = kindsOf(usePerson());
  const [kind, setKind] = useState<Kind>(kinds[0] as Kind);
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  const { ask, busy, error } = useSending(onSent);
  const sound = useIsSound(tried, shown) && tried?.file === file && tried?.kind === kind;
  async function attempt(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!file || busy) return;
    const made = await ask(kind, file, true);
    if (made) setTried({ file, kind, id: made });
  }
  return (
    <form className="panel question" onSubmit={(event) => void attempt(event)} aria-label={t("imports.choose")}>
      <div className="field">
        <label htmlFor={`${id}-kind`}>{t("imports.kind")}</label>
        <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {t(`imports.kinds.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <p>
        {t("imports.template")} <a href={templateOf(kind, "xlsx")}>XLSX</a> <a href={templateOf(kind, "csv")}>CSV</a>
      </p>
      <div className="field">
        <label htmlFor={`${id}-file`}>{t("imports.file")}</label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".csv,.xlsx"
          required
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
      </div>
      {error !== null && <Unfit error={error} />}
      <fieldset className="acts" aria-label={t("imports.choose")}>
        <Button htmlType="submit" type={sound ? "default" : "primary"}>
          {t("imports.try")}
        </Button>
        {sound && (
          <Button type="primary" onClick={() => file && void ask(kind, file, false)}>
            {t("imports.run")}
          </Button>
        )}
      </fieldset>
    </form>
  );
}

/** A file that is no table of these columns, and which of them are to blame. */
function Unfit({ error }: { error: unknown }) {
  const flaws = problemOf(error)?.errors?.filter(({ field }) => field !== "body") ?? [];
  return (
    <>
      <Failure error={error} />
      <ul>
        {flaws.map(({ field, detail }) => (
          <li key={field}>
            {field.replace(/^body\./, "")}: {detail}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Send a file once, however often somebody clicks; the id of its import, null if it was refused. */
function useSending(onSent: (service: Service, id: string) => void) {
  const keyOf = useCommandKey();
  const show = useWhileShown(onSent);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function ask(kind: Kind, file: File, dryRun: boolean): Promise<string | null> {
    setBusy(true);
    setError(null);
    try {
      const key = keyOf([kind, dryRun, file.name, file.size, file.lastModified]);
      const id = await send(kind, file, dryRun, key);
      show(serviceOf(kind), id);
      return id;
    } catch (refused) {
      setError(refused);
      return null;
    } finally {
      setBusy(false);
    }
  }
  return { ask, busy, error };
}

/** Whether what was tried is looked at, has ended, and has a row that may be put on file. */
function useIsSound(tried: Tried | null, shown: string | undefined): boolean {
  const { data } = useImport(tried ? serviceOf(tried.kind) : "intake", tried?.id);
  return tried?.id === shown && isOver(data) && (data?.created ?? 0) > 0;
}
