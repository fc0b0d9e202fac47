import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/intake.gen";
import { usePerson } from "../../lib/person";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { areasOf } from "../areas";
import { Forbidden } from "../Forbidden";
import { Done } from "./Done";
import { following, useFollowed } from "./follows";
import { RegisterForm } from "./RegisterForm";
import "./register.css";

type Opened = components["schemas"]["OpenedTicket"];
const route = getRouteApi("/register");

/** 受理登记: one contact becomes one ticket. */
export function Register() {
  const { t } = useTranslation();
  const person = usePerson();
  const [opened, setOpened] = useState<Opened | null>(null);
  const navigate = route.useNavigate();
  function next(): void {
    setOpened(null);
    void navigate({ search: {} });
  }
  if (!areasOf(person).some((area) => area.name === "register")) return <Forbidden area="register" />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("register.title")}</h1>
      </div>
      {opened ? <Done opened={opened} onNext={next} /> : <Form onOpened={setOpened} />}
    </div>
  );
}

/** A blank form, or that of a ticket which follows the one that the address names. */
function Form({ onOpened }: { onOpened: (opened: Opened) => void }) {
  const { follows } = route.useSearch();
  const { data, error, refetch } = useFollowed(follows);
  if (!follows) return <RegisterForm onOpened={onOpened} />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  return data ? <RegisterForm key={follows} given={following(data)} onOpened={onOpened} /> : <Loading lines={12} />;
}
