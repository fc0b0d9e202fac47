import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { MaskedPhone } from "../../ui/MaskedPhone";
import { useContact } from "./callback";

/** Whom to call, once somebody asks: the look is recorded. */
export function ContactPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, mutate } = useContact(id);
  return (
    <section className="panel" aria-labelledby="contact">
      <h2 id="contact">{t("workOrder.contact")}</h2>
      {!data && (
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
              data.phones.map(({ typed, extension }) => (
                <div key={typed}>
                  <MaskedPhone number={typed} /> {extension && t("ticket.extension", { extension })}
                </div>
              )),
            ],
          ]}
        />
      )}
    </section>
  );
}
