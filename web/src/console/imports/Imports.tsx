import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Forbidden } from "../Forbidden";
import { Choose } from "./Choose";
import { MAY_SEE, SERVICES, type Service } from "./imports";
import { Progress } from "./Progress";
import { Recent } from "./Recent";
import "./imports.css";

const route = getRouteApi("/imports");

/** 批量导入: a file is tried first, then imported; what came of each row is a file, too. */
export function Imports() {
  return hasRole(usePerson(), MAY_SEE) ? <Page /> : <Forbidden area="customers" />;
}

function Page() {
  const { t } = useTranslation();
  const { service, id } = route.useSearch();
  const navigate = route.useNavigate();
  const services = useServices();
  return (
    <div className="page">
      <h1>{t("imports.title")}</h1>
      <Choose onSent={(service, id) => void navigate({ search: { service, id } })} shown={id} />
      {service && id && <Progress key={id} service={service} id={id} />}
      {services.map((each) => (
        <Recent key={each} service={each} />
      ))}
    </div>
  );
}

function useServices(): Service[] {
  const person = usePerson();
  const roles = { intake: ["agent", "manager"], dispatch: ["dispatcher", "manager"] };
  return SERVICES.filter((service) => hasRole(person, roles[service]));
}
