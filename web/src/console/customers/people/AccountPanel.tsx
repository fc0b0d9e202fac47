import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../../ui/Empty";
import { Failure } from "../../../ui/Failure";
import { Loading } from "../../../ui/Loading";
import { MaskedPhone } from "../../../ui/MaskedPhone";
import { type AccountRead, useAccount } from "../../account";
import { useLabel } from "../../labels";
import { KindDialog, PersonDialog, RemovalDialog, SiteDialog } from "./dialogs";
import { removePerson, removeSite } from "./orders";
import type { Person, Site } from "./values";

/** What is done: about somebody or some place, or about the whole account. */
type Act =
  | { what: "kind" }
  | { what: "person"; of: Person | null }
  | { what: "site"; of: Site | null }
  | { what: "removal"; title: string; send: ReturnType<typeof removePerson> };

type Begin = (act: Act) => void;

/** 用户档案: what kind of customer it is, whom to speak to there, and where they are. */
export function AccountPanel({ of }: { of: string }) {
  const { data, error, isPending, refetch } = useAccount(of);
  return (
    <>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={4} />}
      {data && <Content read={data} />}
    </>
  );
}

function Content({ read }: { read: AccountRead }) {
  const { t } = useTranslation();
  const label = useLabel();
  const [begun, setBegun] = useState<{ act: Act; shown: AccountRead } | null>(null);
  const begin: Begin = (act) => setBegun({ act, shown: read });
  const { kind, people, sites } = read.account;
  return (
    <>
      <section className="panel" aria-labelledby="people">
        <h2 id="people">{t("people.title")}</h2>
        <p>
          {kind ? label("customer_kind", kind) : t("people.unsaid")}{" "}
          <Button size="small" onClick={() => begin({ what: "kind" })}>
            {t("people.kind")}
          </Button>
        </p>
        {people.length === 0 && <Empty>{t("people.nobody")}</Empty>}
        <ul>
          {people.map((person) => (
            <Somebody key={person.id} person={person} onBegin={begin} />
          ))}
        </ul>
        <Button onClick={() => begin({ what: "person", of: null })}>{t("people.add")}</Button>
      </section>
      <section className="panel" aria-labelledby="sites">
        <h2 id="sites">{t("people.sites")}</h2>
        {sites.length === 0 && <Empty>{t("people.nowhere")}</Empty>}
        <ul>
          {sites.map((site) => (
            <Place key={site.id} site={site} onBegin={begin} />
          ))}
        </ul>
        <Button onClick={() => begin({ what: "site", of: null })}>{t("people.addSite")}</Button>
      </section>
      {begun && <Dialog act={begun.act} shown={begun.shown} now={read} onClose={() => setBegun(null)} />}
    </>
  );
}

function Somebody({ person, onBegin }: { person: Person; onBegin: Begin }) {
  const { t } = useTranslation();
  const label = useLabel();
  const name = person.name ?? t("ticket.erased");
  const title = t("people.remove", { name });
  return (
    <li>
      <strong>{name}</strong> {label("person_role", person.role)}
      {person.responsible && ` · ${t("people.responsible")}`}{" "}
      {person.phones?.map(({ typed }) => (
        <MaskedPhone key={typed} number={typed} />
      ))}{" "}
      {person.email}{" "}
      <Button size="small" onClick={() => onBegin({ what: "person", of: person })}>
        {t("people.amend", { name })}
      </Button>{" "}
      <Button size="small" onClick={() => onBegin({ what: "removal", title, send: removePerson(person) })}>
        {title}
      </Button>
    </li>
  );
}

function Place({ site, onBegin }: { site: Site; onBegin: Begin }) {
  const { t } = useTranslation();
  const name = site.name ?? t("ticket.erased");
  const title = t("people.remove", { name });
  return (
    <li>
      <strong>{name}</strong> {[site.region, site.address, site.timezone].filter(Boolean).join(" · ")}{" "}
      {site.latitude != null && `(${site.latitude}, ${site.longitude})`}{" "}
      <Button size="small" onClick={() => onBegin({ what: "site", of: site })}>
        {t("people.amend", { name })}
      </Button>{" "}
      <Button size="small" onClick={() => onBegin({ what: "removal", title, send: removeSite(site) })}>
        {title}
      </Button>
    </li>
  );
}

interface DialogProps {
  act: Act;
  shown: AccountRead;
  now: AccountRead;
  onClose: () => void;
}

function Dialog({ act, ...rest }: DialogProps) {
  if (act.what === "kind") return <KindDialog {...rest} />;
  if (act.what === "person") return <PersonDialog of={act.of} {...rest} />;
  if (act.what === "site") return <SiteDialog of={act.of} {...rest} />;
  return <RemovalDialog title={act.title} send={act.send} {...rest} />;
}
