import { useSignal } from '@preact/signals';
import { Component } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Block } from './blocks.ts';
import type { Row } from './row.ts';
import { RowView } from './rows/row-view.tsx';

export interface RowBlockProps {
  readonly block: Block;
  readonly root: { readonly current: HTMLElement | null };
  readonly isAlwaysShown: boolean;
}

/** Drawn before it is seen by this much. */
const MARGIN = '900px 0px';
/** Of a row, until its block has been measured. */
const GUESSED_PX = 90;

/** What is far from what is seen takes its room and nothing else: thousands of rows cost what dozens do. */
export function RowBlock({ block, root, isAlwaysShown }: RowBlockProps) {
  const ref = useRef<HTMLDivElement>(null);
  const isNear = useSignal(isAlwaysShown);
  const height = useRef<number | undefined>(undefined);
  useEffect(() => {
    const node = ref.current;
    if (!node) return;
    const observer = new IntersectionObserver(
      (seen) => {
        const latest = seen.at(-1);
        if (isNear.peek()) height.current = latest?.boundingClientRect.height;
        isNear.value = latest?.isIntersecting === true;
      },
      { root: root.current, rootMargin: MARGIN },
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  const isShown = isAlwaysShown || isNear.value;
  if (!isShown) {
    const room = height.current ?? block.rows.length * GUESSED_PX;
    return <div ref={ref} data-block={block.key} style={{ height: `${room}px` }} />;
  }
  return (
    <div ref={ref} data-block={block.key} class="row-block">
      {block.rows.map((row) => (
        <KeptRow key={row.id} row={row} />
      ))}
    </div>
  );
}

/** Drawn anew only when its row is another one. */
class KeptRow extends Component<{ readonly row: Row }> {
  override shouldComponentUpdate(next: { readonly row: Row }): boolean {
    return next.row !== this.props.row;
  }

  override render() {
    const { row } = this.props;
    return (
      <div class="row" data-row={row.id}>
        <RowView row={row} />
      </div>
    );
  }
}
