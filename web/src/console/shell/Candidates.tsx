import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import type { QueueItem } from "../queue/tickets";

interface CandidatesProps {
  id: string;
  items: readonly QueueItem[];
  chosen: number;
  onOpen: (item: QueueItem) => void;
}

/** The tickets that were found, each with where its words are. */
export function Candidates({ id, items, chosen, onOpen }: CandidatesProps) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <div id={id} role="listbox" aria-label={t("search.found")} hidden={items.length === 0}>
      {items.map((item, index) => (
        <div
          key={item.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            onOpen(item);
          }}
        >
          <strong>{item.number}</strong> {item.customer?.name} {item.summary}
          <small>
            {label("ticket_status", item.status)} · {item.matches.map((where) => label("match", where)).join(" · ")}
          </small>
        </div>
      ))}
    </div>
  );
}
