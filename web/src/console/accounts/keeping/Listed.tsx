import { Button, Form } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface ListedProps {
  /** Where the list stands in the form. */
  name: string | string[];
  /** What one of them is called: `keeping.<one>`, `keeping.<one>Add` and `keeping.<one>Remove`. */
  one: "term" | "change" | "entitlement" | "component" | "price" | "budget";
  blank: object;
  /** So many there are at least. */
  least?: number;
  most: number;
  children: (name: number) => ReactNode;
}

/** A part of a form that is filled in as often as there is something to say. */
export function Listed({ name, one, blank, least = 0, most, children }: ListedProps) {
  const { t } = useTranslation();
  return (
    <Form.List name={name}>
      {(fields, { add, remove }, { errors }) => (
        <>
          {fields.map(({ key, name: place }, index) => (
            <fieldset key={key} className="listed">
              <legend>{t(`keeping.${one}`, { n: index + 1 })}</legend>
              {children(place)}
              {fields.length > least && (
                <Button onClick={() => remove(place)}>{t(`keeping.${one}Remove`, { n: index + 1 })}</Button>
              )}
            </fieldset>
          ))}
          <Form.ErrorList errors={errors} />
          <Form.Item>
            <Button type="dashed" disabled={fields.length >= most} onClick={() => add(blank)}>
              {t(`keeping.${one}Add`)}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}
