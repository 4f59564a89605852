import { inWords } from '../../../src/core/chart/words.ts';
import type { NextTransition, SeenTimer, SeenTransition } from '../../../src/core/inspect.ts';
import type { TreeNode } from '../../../src/core/tree.ts';
import { duration } from '../format.ts';
import { t } from '../i18n.ts';
import type { Closely } from './closely.ts';
import { Facts } from './facts.tsx';
import { serverNow, treeAt } from './feed.ts';
import { JsonView } from './json-view.tsx';
import { useNow } from './ticking.ts';

/** What an actor is, waits for, and did last. */
export function NowPanel({
  node,
  closely,
}: {
  readonly node: TreeNode | undefined;
  readonly closely: Closely;
}) {
  const { standing, recent, view } = closely;
  return (
    <div class="panel-body">
      {standing && standing.timers.length > 0 && <Timers timers={standing.timers} />}
      {standing && standing.next.length > 0 && <Next next={standing.next} />}
      {node && <About node={node} />}
      {view && view.waiting.length > 0 && (
        <section>
          <h3>{t('Waiting in its mailbox')}</h3>
          <ol class="lines">
            {view.waiting.map(({ event, preview }, place) => (
              <li key={`${place} ${event}`}>
                <b>{inWords(event)}</b> <span class="quiet cut">{preview}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {recent.length > 0 && <Recent recent={recent} />}
      {standing && Object.keys(standing.context).length > 0 && (
        <section>
          <h3>{t('What it knows')}</h3>
          {Object.entries(standing.context).map(([name, value]) => (
            <JsonView key={name} name={name} value={value} />
          ))}
        </section>
      )}
    </div>
  );
}

function Timers({ timers }: { readonly timers: readonly SeenTimer[] }) {
  const now = useNow();
  return (
    <section>
      <h3>{t('Timers')}</h3>
      {timers.map(({ id, label, dueAt, setAt }) => {
        const left = Math.max(0, dueAt - now);
        return (
          <div key={id} class="timer">
            <span class="grow cut">{inWords(label)}</span>
            <b class="timer-left">{left === 0 ? t('now') : duration(left)}</b>
            {setAt !== undefined && <progress max={dueAt - setAt} value={left} aria-label={inWords(label)} />}
          </div>
        );
      })}
    </section>
  );
}

const MOST_NEXT = 8;

function Next({ next }: { readonly next: readonly NextTransition[] }) {
  return (
    <section>
      <h3>{t('What can happen next')}</h3>
      <ul class="lines">
        {nearestFirst(next)
          .slice(0, MOST_NEXT)
          .map(({ transition, label, guard, targets }) => (
            <li key={transition}>
              <b>{label === '' ? t('at once') : inWords(label)}</b>
              {guard !== null && <i class="quiet"> {t('if {condition}', { condition: inWords(guard) })}</i>}
              <span class="quiet">
                {' '}
                → {targets.map((target) => inWords(lastOf(target))).join(', ') || t('stays')}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}

/** What can happen in the innermost state stands before what can happen in any. */
function nearestFirst(next: readonly NextTransition[]): readonly NextTransition[] {
  const depth = ({ transition }: NextTransition): number => transition.split(':')[0]?.split('.').length ?? 0;
  return [...next].sort((a, b) => depth(b) - depth(a));
}

const lastOf = (id: string): string => id.split('.').at(-1) ?? id;

function About({ node }: { readonly node: TreeNode }) {
  const now = useNow(1_000);
  const { ageMs, intensity, strategy, lastExit, restarts, incarnation, mailbox } = node;
  return (
    <section>
      <h3>{t('About it')}</h3>
      <Facts
        rows={[
          [t('Lives for'), ageMs === undefined ? '–' : duration(ageMs + Math.max(0, now - treeAt.value))],
          [t('Life'), t('{incarnation}, after {restarts} restarts', { incarnation, restarts })],
          ...(strategy ? [[t('Strategy'), <code key="strategy">{strategy}</code>] as const] : []),
          ...(intensity
            ? [
                [
                  t('Restarts used'),
                  <Budget key="budget" used={intensity.used} allowed={intensity.allowed} />,
                ] as const,
              ]
            : []),
          [t('Mailbox'), mailbox === 0 ? t('empty') : t('{count} waiting', { count: mailbox })],
          ...(lastExit ? [[t('Ended last by'), lastExit] as const] : []),
        ]}
      />
    </section>
  );
}

/** How near a supervisor is to giving up. */
export function Budget({ used, allowed }: { readonly used: number; readonly allowed: number }) {
  const about = t('{used} of {allowed} restarts used', { used, allowed });
  return (
    <span class="budget" title={about}>
      <meter
        min={0}
        max={Math.max(1, allowed)}
        high={allowed * 0.6}
        optimum={0}
        value={used}
        aria-label={about}
      />
      {used}/{allowed}
    </span>
  );
}

const SHOWN = 12;

function Recent({ recent }: { readonly recent: readonly SeenTransition[] }) {
  const now = serverNow();
  return (
    <section>
      <h3>{t('What it did')}</h3>
      <ol class="lines">
        {recent
          .slice(-SHOWN)
          .reverse()
          .map(({ seq, at, event, from, to, durationMs }) => (
            <li key={seq} title={t('took {time}', { time: `${durationMs.toFixed(2)} ms` })}>
              <b>{inWords(event)}</b>
              <span class="quiet">
                {' '}
                {from === to ? t('stays {state}', { state: inWords(to) }) : `→ ${inWords(to)}`}
              </span>
              <span class="lines-end quiet">{duration(Math.max(0, now - at))}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}
