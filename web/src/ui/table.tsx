import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly key: string;
  readonly head: ComponentChildren;
  /** Numbers stand at the end. */
  readonly end?: boolean;
  cell(row: Row): ComponentChildren;
}

export interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  rowKey(row: Row): string;
  /** A click on the row. The same must be reachable by keyboard through a link or button in a cell. */
  readonly onRow?: (row: Row) => void;
}

/** `caption` is read out, not shown. Wide tables scroll by themselves. */
export function Table<Row>({ caption, columns, rows, rowKey, onRow }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-frame" tabIndex={0} aria-label={caption}>
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ key, head, end }) => (
              <th key={key} scope="col" class={end ? 'end' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} class={onRow ? 'acts' : ''} onClick={onRow && (() => onRow(row))}>
              {columns.map(({ key, cell, end }) => (
                <td key={key} class={end ? 'end' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
