import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import type { Asset } from "./accounts";

/** The components of an asset, those that were taken out among them. */
export function Parts({ of }: { of: Asset["parts"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const heads = ["part", "class", "partOf", "serial", "kind", "supplier", "installed", "takenOut"] as const;
  return (
    <section className="panel wide" aria-labelledby="parts">
      <h2 id="parts">{t("accounts.parts")}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by keys. */}
      <section className="sideways" tabIndex={0} aria-labelledby="parts">
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {t(`accounts.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.map((part) => (
              <tr key={part.id}>
                <th scope="row">{part.id}</th>
                <td>{part.component_class}</td>
                <td>{part.parent}</td>
                <td>{part.serial}</td>
                <td>{label("part_kind", part.kind)}</td>
                <td>{label("supplied_by", part.supplied_by)}</td>
                <td>{part.installed_on}</td>
                <td>{part.replaced_on}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
