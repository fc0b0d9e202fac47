import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLooks } from "./audit";

/** Who looked at the customer's contact, and through which route; an erasure leaves these records. */
export function Looks({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useLooks(customer, true);
  return (
    <section className="panel" aria-labelledby="looks">
      <h2 id="looks">{t("audit.looks")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={3} />}
      {data?.length === 0 && <Empty>{t("audit.noLooks")}</Empty>}
      <ul>
        {data?.map(({ id, viewed_at, actor, actor_name, fields, route }) => (
          <li key={id}>
            {dateTime(viewed_at)} · {actor_name ?? actor} · {fields.join(", ")} · <code>{route}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
