import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useRef } from "react";
import { isComposing } from "../lib/keys";
import { useCurrent } from "./useCurrent";
import { useKeptFocus } from "./useKeptFocus";
import "./Grid.css";

export interface Column<Row> {
  key: string;
  title: string;
  /** A CSS grid track, such as `90px` or `minmax(120px, 1fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
}

/** Rows that are chosen together. */
export interface Selection<Row> {
  /** Keys. */
  of: ReadonlySet<string>;
  title: string;
  labelOf: (row: Row) => string;
  /** `through`: and all rows from the last one that was chosen to this one. */
  onToggle: (row: Row, through: boolean) => void;
}

interface GridProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Pixels. */
  rowHeight: number;
  keyOf: (row: Row) => string;
  onOpen: (row: Row) => void;
  /** Acts on the row that has the focus, by their key. */
  acts?: Record<string, (row: Row) => void>;
  /** Called when the last row comes near; not called without more to read. */
  onEnd?: (() => void) | undefined;
  /** Called as a row gets the focus. */
  onReach?: (row: Row) => void;
  /** Called for a row that is clicked, and not for a link, a button or a field in it. */
  onPick?: (row: Row) => void;
  /** The key of the row that is shown beside the list. */
  shown?: string | undefined;
  selection?: Selection<Row>;
}

/** The track of the boxes by which rows are chosen. */
const CHOICE = "52px";
const STEPS: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 20, PageUp: -20 };

/** A list of any length as an ARIA grid: only what is in view is in the document, and a screen reader hears which row of how many. */
export function Grid<Row>(props: GridProps<Row>) {
  const { label, columns, rows, rowHeight, keyOf, onOpen, acts, onEnd, onReach, onPick, shown, selection } = props;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const { current, hold } = useCurrent(rows, keyOf);
  const keepsFocus = useKeptFocus(box, rows, current);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && last >= rows.length - 12) onEnd();
  }, [onEnd, last, rows.length]);

  const go = useCallback(
    (index: number) => {
      const next = Math.min(rows.length - 1, Math.max(0, index));
      const row = rows[next];
      if (row !== undefined) hold(keyOf(row), next);
      virtual.scrollToIndex(next);
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
    },
    [rows, keyOf, hold, virtual],
  );

  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  function actOf({ key, target }: KeyboardEvent): (() => void) | undefined {
    const index = targetOf(key, current, rows.length);
    if (index !== null) return () => go(index);
    const row = rows[current];
    const act = key === "Enter" ? onOpen : acts?.[key];
    return row && act && !hasOwnKeys(target) ? () => act(row) : undefined;
  }

  const widths = [...(selection ? [CHOICE] : []), ...columns.map(({ width }) => width)];
  const tracks = widths.join(" ");
  const minWidth = widths.reduce((sum, width) => sum + leastOf(width), 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are not in view cannot be rows of a <table>
    <div
      className="grid"
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={selection ? true : undefined}
      onKeyDown={press}
      onBlur={keepsFocus.onBlur}
      onFocus={({ target }) => {
        keepsFocus.onFocus();
        withRow(rows, target, onReach);
      }}
      onClick={({ target }) => isPlain(target) && withRow(rows, target, onPick)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className="grid-head" style={{ minWidth }}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="row" aria-rowindex={1} tabIndex={-1} className="grid-row" style={{ gridTemplateColumns: tracks }}>
          {selection && (
            // biome-ignore lint/a11y/useSemanticElements: as above
            <div role="columnheader" tabIndex={-1}>
              {selection.title}
            </div>
          )}
          {columns.map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            <div role="columnheader" key={column.key} tabIndex={-1}>
              {column.title}
            </div>
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize(), minWidth }}>
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <Line
              key={keyOf(row)}
              name={keyOf(row)}
              row={row}
              index={item.index}
              top={item.start}
              height={rowHeight}
              tracks={tracks}
              columns={columns}
              current={item.index === current}
              shown={keyOf(row) === shown}
              selected={selection?.of.has(keyOf(row))}
              labelOf={selection?.labelOf}
              onToggle={selection?.onToggle}
              onFocus={hold}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Pixels that a track takes at least: where all do not fit, the grid scrolls sideways. */
function leastOf(track: string): number {
  return Number(/\d+/.exec(track)?.[0] ?? 0);
}

/** The row that something stands in, if any. */
function withRow<Row>(rows: readonly Row[], target: EventTarget, act: ((row: Row) => void) | undefined): void {
  const line = (target as Element).closest<HTMLElement>("[data-index]");
  const row = line && rows[Number(line.dataset.index)];
  if (row) act?.(row);
}

/** Whether a click means the row, and not what can be clicked in it. */
function isPlain(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, label") === null;
}

/** A link or a button in a row is pressed by Enter itself. */
function hasOwnKeys(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button") !== null;
}

function targetOf(key: string, current: number, count: number): number | null {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  return step === undefined ? null : current + step;
}

interface LineProps<Row> {
  name: string;
  row: Row;
  index: number;
  top: number;
  height: number;
  tracks: string;
  columns: readonly Column<Row>[];
  current: boolean;
  shown: boolean;
  /** Undefined where rows are not chosen. */
  selected: boolean | undefined;
  labelOf: Selection<Row>["labelOf"] | undefined;
  onToggle: Selection<Row>["onToggle"] | undefined;
  onFocus: (name: string, index: number) => void;
}

const Line = memo(function Line<Row>(props: LineProps<Row>) {
  const { name, row, index, top, height, tracks, columns, current, shown, selected, labelOf, onToggle, onFocus } =
    props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are not in view cannot be rows of a <table>
    <div
      role="row"
      className="grid-row grid-line"
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-current={shown || undefined}
      tabIndex={current ? 0 : -1}
      style={{ gridTemplateColumns: tracks, height, transform: `translateY(${top}px)` }}
      onFocus={() => onFocus(name, index)}
    >
      {onToggle && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div role="gridcell" tabIndex={-1}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={labelOf?.(row)}
            checked={selected === true}
            onClick={({ shiftKey }) => onToggle(row, shiftKey)}
            onChange={() => undefined}
            onKeyDown={(event) => event.key === " " && event.stopPropagation()}
          />
        </div>
      )}
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div role="gridcell" key={column.key} tabIndex={-1}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}) as <Row>(props: LineProps<Row>) => ReactNode;
