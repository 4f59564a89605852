import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n.ts';
import { Skeleton } from './states.tsx';

export interface DiffProps {
  readonly before: string;
  readonly after: string;
  /** Unchanged lines kept around a change. */
  readonly context?: number;
}

interface Line {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
}

const MARKS = { same: ' ', added: '+', removed: '−', gap: '⋯' } as const;

/** What changed between two texts, by lines. */
export function Diff({ before, after, context = 3 }: DiffProps) {
  const [lines, setLines] = useState<readonly Line[]>();
  useEffect(() => {
    let gone = false;
    void compare(before, after).then((found) => {
      if (!gone) setLines(folded(found, context));
    });
    return () => {
      gone = true;
    };
  }, [before, after, context]);
  if (!lines) return <Skeleton />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="diff" tabIndex={0} aria-label={t('Changes')}>
      {lines.map(({ kind, text }, at) => (
        <div key={at} class={kind}>
          <span>{MARKS[kind]}</span>
          {text}
        </div>
      ))}
    </section>
  );
}

async function compare(before: string, after: string): Promise<readonly Line[]> {
  const { diffLines } = await import('diff');
  return diffLines(before, after).flatMap(({ added, removed, value }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'same';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): Line => ({ kind, text }));
  });
}

/** Long stretches without a change are left out. */
function folded(lines: readonly Line[], context: number): readonly Line[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let beside = at - context; beside <= at + context; beside++) near.add(beside);
  });
  return lines.flatMap((line, at): Line[] => {
    if (near.has(at)) return [line];
    const isFirst = at === 0 || near.has(at - 1);
    return isFirst ? [{ kind: 'gap', text: t('unchanged') }] : [];
  });
}
