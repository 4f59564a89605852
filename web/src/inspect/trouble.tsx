import { useEffect } from 'preact/hooks';
import { inWords } from '../../../src/core/chart/words.ts';
import type { SeenDeadLetter } from '../../../src/core/inspect.ts';
import { api } from '../api.ts';
import { t } from '../i18n.ts';
import { Button, EmptyState, Time, toast, toastError } from '../ui/index.ts';
import { letters, pulses } from './feed.ts';

async function loadLetters(): Promise<void> {
  const { letters: found } = await api<{ readonly letters: readonly SeenDeadLetter[] }>(
    '/api/inspect/dead-letters',
  );
  letters.value = found;
}

/** What nobody took, and what took long. */
export function Trouble() {
  useEffect(() => {
    loadLetters().catch(toastError);
  }, []);
  return (
    <div class="panel-body">
      <section>
        <h3>{t('Dead letters')}</h3>
        {letters.value.length === 0 ? (
          <EmptyState title={t('None')}>
            <p>
              {t('A message that its receiver could not take any more would stand here, to be sent again.')}
            </p>
          </EmptyState>
        ) : (
          <ul class="lines">
            {letters.value.map((letter) => (
              <Letter key={letter.id} letter={letter} />
            ))}
          </ul>
        )}
      </section>
      <Loop />
      <Slowest />
    </div>
  );
}

function Letter({ letter }: { readonly letter: SeenDeadLetter }) {
  const { id, at, event, receiver, reason, preview, notReplayable } = letter;
  const again = async () => {
    try {
      await api(`/api/inspect/dead-letters/${encodeURIComponent(id)}/replay`, { body: {} });
      toast({ text: t('Sent again.') });
      await loadLetters();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <li class="letter">
      <div class="spread">
        <b class="cut">{inWords(event)}</b>
        <Time at={new Date(at).toISOString()} />
      </div>
      <div class="quiet small cut" title={receiver}>
        {t('for {receiver}', { receiver: receiver.split('/').slice(-2).join('/') })} · {reason}
      </div>
      {preview !== '' && <code class="cut small">{preview}</code>}
      <Button tiny disabled={notReplayable !== null} title={notReplayable ?? undefined} onClick={again}>
        {t('Send again')}
      </Button>
    </li>
  );
}

const CHART = { width: 260, height: 44, most: 50 };

/** Each second's longest delay of the event loop; the line is at 50 ms. */
function Loop() {
  const seen = pulses.value;
  const last = seen.at(-1)?.loop;
  if (!last) return null;
  const step = CHART.width / Math.max(1, seen.length - 1);
  const high = (ms: number) =>
    CHART.height - (Math.min(CHART.most, ms) / CHART.most) * (CHART.height - 4) - 2;
  const points = seen.map(({ loop }, place) => `${(place * step).toFixed(1)},${high(loop.maxMs).toFixed(1)}`);
  return (
    <section>
      <h3>{t('Event loop')}</h3>
      <p class="quiet small">
        {t('late by {mean} ms on average, {max} ms at most in the last second', {
          mean: last.meanMs.toFixed(1),
          max: last.maxMs.toFixed(1),
        })}
      </p>
      <svg
        class="loop"
        viewBox={`0 0 ${CHART.width} ${CHART.height}`}
        role="img"
        aria-label={t('Event loop')}
      >
        <line x1={0} x2={CHART.width} y1={2} y2={2} />
        <polyline points={points.join(' ')} />
      </svg>
    </section>
  );
}

function Slowest() {
  const slowest = pulses.value.at(-1)?.slowest ?? [];
  if (slowest.length === 0) return null;
  return (
    <section>
      <h3>{t('Slowest steps')}</h3>
      <ol class="lines">
        {slowest.map(({ seq, actor, event, durationMs }) => (
          <li key={seq} title={actor}>
            <b>{inWords(event)}</b>
            <span class="quiet"> {actor.split('/').slice(-2).join('/')}</span>
            <span class="lines-end">{durationMs.toFixed(1)} ms</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
