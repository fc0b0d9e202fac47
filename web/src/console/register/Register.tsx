import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/intake.gen";
import { usePerson } from "../../lib/person";
import { areasOf } from "../areas";
import { Forbidden } from "../Forbidden";
import { Done } from "./Done";
import { RegisterForm } from "./RegisterForm";
import "./register.css";

type Opened = components["schemas"]["OpenedTicket"];

/** 受理登记: one contact becomes one ticket. */
export function Register() {
  const { t } = useTranslation();
  const person = usePerson();
  const [opened, setOpened] = useState<Opened | null>(null);
  if (!areasOf(person).some((area) => area.name === "register")) return <Forbidden area="register" />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("register.title")}</h1>
      </div>
      {opened ? <Done opened={opened} onNext={() => setOpened(null)} /> : <RegisterForm onOpened={setOpened} />}
    </div>
  );
}
