import { usePerson } from "../../lib/person";
import { useLabel } from "../labels";

/** What the person is in the department. */
export function Roles() {
  const label = useLabel();
  const roles = usePerson().roles.map((role) => label("role", role));
  return <p>{roles.join(" · ")}</p>;
}
