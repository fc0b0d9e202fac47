import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import type { WorkOrder } from "./visit";
import { useContact } from "./workOrder";

/** Dispatch shows whom a visit is for to those who plan it, and to its engineer. */
const SEE_CONTACTS = ["dispatcher", "manager", "engineer"];

/** Whom to ring and where to go, once somebody asks: the look is recorded. */
export function ContactPanel({ order }: { order: WorkOrder }) {
  const { t } = useTranslation();
  const mayLook = hasRole(usePerson(), SEE_CONTACTS);
  const { data, error, isPending, mutate } = useContact(order.id);
  return (
    <section className="panel" aria-labelledby="contact">
      <h2 id="contact">{t("workOrder.contact")}</h2>
      {!mayLook && <Empty>{t("workOrder.hidden")}</Empty>}
      {mayLook && !data && (
        <Button loading={isPending} onClick={() => mutate()}>
          {t("workOrder.look")}
        </Button>
      )}
      {error && <Failure error={error} />}
      {data && (
        <Facts
          of={[
            [t("workOrder.name"), data.name],
            [
              t("workOrder.phones"),
              data.phones.map(({ typed, e164 }) => <Call key={typed} typed={typed} e164={e164} />),
            ],
            [t("workOrder.address"), [data.site, data.address].filter(Boolean).join(" · ")],
          ]}
        />
      )}
    </section>
  );
}

function Call({ typed, e164 }: { typed: string; e164: string | null }) {
  return <div>{e164 ? <a href={`tel:${e164}`}>{typed}</a> : typed}</div>;
}
