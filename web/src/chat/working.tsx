import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { duration } from '../format.ts';
import { t } from '../i18n.ts';
import { progress, rows, running } from './conversation.ts';
import type { Row } from './row.ts';

const TICK_MS = 1_000;

/** What the assistant is doing, as long as nothing else shows it. */
export function Working() {
  const turn = running.value;
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!turn) return;
    const timer = setInterval(() => {
      now.value = Date.now();
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [turn?.turnId]);
  if (!turn) return null;
  const last = rows.value.at(-1);
  if (last?.kind === 'approval' && !last.decided) return null;
  const since = now.value - Date.parse(turn.beganAt);
  return (
    <p class="working" role="status">
      <i aria-hidden="true" />
      <span>{progress.value || t(doingOf(last))}</span>
      {since > TICK_MS && <span aria-hidden="true">{duration(since)}</span>}
    </p>
  );
}

function doingOf(last: Row | undefined): string {
  if (last?.kind === 'answer' && last.draft) return 'Writing …';
  if (last?.kind === 'tool' && last.state === 'running') return 'Using a tool …';
  return 'Thinking …';
}
