import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Forbidden } from "../Forbidden";
import { OrderDialog } from "./OrderDialog";
import { ServicePanel } from "./ServicePanel";
import { type Order, SERVICES } from "./services";
import "./operations.css";

const MAY_READ = ["operator", "auditor"];
const MAY_ACT = ["operator"];

/** 运行: of each service, the lanes that stopped and the messages that are parked; operators act on them. */
export function Operations() {
  const person = usePerson();
  return hasRole(person, MAY_READ) ? <Services mayAct={hasRole(person, MAY_ACT)} /> : <Forbidden area="operations" />;
}

function Services({ mayAct }: { mayAct: boolean }) {
  const { t } = useTranslation();
  const [order, setOrder] = useState<Order | null>(null);
  return (
    <div className="page">
      <h1>{t("operations.title")}</h1>
      {SERVICES.map((service) => (
        <ServicePanel key={service} service={service} onOrder={mayAct ? setOrder : null} />
      ))}
      {order && <OrderDialog order={order} onClose={() => setOrder(null)} />}
    </div>
  );
}
