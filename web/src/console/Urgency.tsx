import { useLabel } from "./labels";
import "./Urgency.css";

/** The urgency as a word; what is above normal stands out by weight and a sign. */
export function Urgency({ code }: { code: "low" | "normal" | "high" | "critical" }) {
  const label = useLabel();
  const sign = { low: "", normal: "", high: "▲ ", critical: "▲▲ " }[code];
  return (
    <span className={`urgency-${code}`}>
      <span aria-hidden="true">{sign}</span>
      {label("urgency", code)}
    </span>
  );
}
