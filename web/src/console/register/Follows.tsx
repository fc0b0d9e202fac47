import { Link } from "@tanstack/react-router";
import { Form } from "antd";
import { useTranslation } from "react-i18next";
import type { Values } from "./form";

/** Which ticket of the customer the new one follows, where it follows one. */
export function Follows() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const follows = Form.useWatch("follows", { form, preserve: true });
  if (!follows) return null;
  return (
    <p>
      {t("life.follows")}{" "}
      <Link to="/tickets/$ticketId" params={{ ticketId: follows }}>
        {t("register.open")}
      </Link>
    </p>
  );
}
