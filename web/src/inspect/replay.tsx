import { ChevronLeft, ChevronRight, ClipboardCopy, Pause, Play } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { inWords } from '../../../src/core/chart/words.ts';
import type { ContextChange, ReplayStep, TurnReplay, TurnSequence } from '../../../src/core/inspect.ts';
import { api } from '../api.ts';
import { duration, visible } from '../format.ts';
import { t } from '../i18n.ts';
import { bindKeys } from '../keys.ts';
import { Button, IconButton, Problem, Skeleton, toast, toastError } from '../ui/index.ts';
import { ChartView } from './chart-view.tsx';
import { Facts } from './facts.tsx';
import { JsonView } from './json-view.tsx';
import { Sequence } from './sequence.tsx';

export interface ReplayProps {
  readonly conversation: string;
  readonly turn: string;
  readonly step: number | undefined;
  onStep(step: number): void;
}

interface Loaded {
  readonly replay: TurnReplay;
  readonly sequence: TurnSequence;
}

/** A turn gone through again, from its journal. Nothing is carried out. */
export function Replay(props: ReplayProps) {
  const { conversation, turn } = props;
  const [loaded, setLoaded] = useState<Loaded>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    setFailure(undefined);
    const stopped = new AbortController();
    load(conversation, turn, stopped.signal).then(
      (found) => stopped.signal.aborted || setLoaded(found),
      (error: unknown) => stopped.signal.aborted || setFailure(error),
    );
    return () => stopped.abort();
  }, [conversation, turn]);
  if (failure !== undefined) return <Problem error={failure} />;
  if (loaded?.replay.turnId !== turn) return <Skeleton lines={6} />;
  return <Steps {...props} {...loaded} />;
}

async function load(conversation: string, turn: string, signal: AbortSignal): Promise<Loaded> {
  const path = `/api/inspect/turns/${encodeURIComponent(turn)}`;
  const query = { conversation };
  const [replay, sequence] = await Promise.all([
    api<TurnReplay>(path, { query, signal }),
    api<TurnSequence>(`${path}/sequence`, { query, signal }),
  ]);
  return { replay, sequence };
}

const PLAY_MS = 900;

function Steps({ replay, sequence, conversation, turn, step: asked, onStep }: ReplayProps & Loaded) {
  const { steps, chart, diverged } = replay;
  const last = Math.max(0, steps.length - 1);
  const at = Math.min(Math.max(0, asked ?? last), last);
  const step = steps[at];
  const [playing, setPlaying] = useState(false);
  // Keys may come faster than the page is drawn.
  const place = useRef(at);
  place.current = at;
  const to = (wanted: number) => {
    place.current = Math.min(Math.max(0, wanted), last);
    onStep(place.current);
  };
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setTimeout(() => (at < last ? to(at + 1) : setPlaying(false)), PLAY_MS);
    return () => clearTimeout(timer);
  }, [playing, at]);
  useEffect(
    () =>
      bindKeys([
        {
          keys: 'ArrowLeft',
          about: t('One step back'),
          group: t('Past turn'),
          run: () => to(place.current - 1),
        },
        {
          keys: 'ArrowRight',
          about: t('One step on'),
          group: t('Past turn'),
          run: () => to(place.current + 1),
        },
        { keys: 'Home', about: t('To the beginning'), group: t('Past turn'), run: () => to(0) },
        { keys: 'End', about: t('To the end'), group: t('Past turn'), run: () => to(last) },
      ]),
    [turn, last],
  );
  if (!step) return <Problem error={t('Nothing of this turn can be gone through again.')} />;
  const play = () => {
    if (!playing && at === last) to(0);
    setPlaying(!playing);
  };
  return (
    <>
      <div class="stage">
        <div class="player">
          <IconButton
            icon={ChevronLeft}
            label={t('One step back')}
            disabled={at === 0}
            onClick={() => to(at - 1)}
          />
          <IconButton icon={playing ? Pause : Play} label={playing ? t('Pause') : t('Play')} onClick={play} />
          <IconButton
            icon={ChevronRight}
            label={t('One step on')}
            disabled={at === last}
            onClick={() => to(at + 1)}
          />
          <input
            type="range"
            min={0}
            max={last}
            value={at}
            aria-label={t('Step')}
            aria-valuetext={`${at + 1} / ${steps.length}: ${inWords(step.to)}`}
            onInput={({ currentTarget }) => to(Number(currentTarget.value))}
          />
          <span class="quiet small">
            {at + 1} / {steps.length}
          </span>
          <Button tiny icon={ClipboardCopy} onClick={() => copyTest(conversation, turn)}>
            {t('Copy as test')}
          </Button>
        </div>
        <ChartView chart={chart} active={step.active} next={[]} taken={step.taken} step={step.step} holds />
        <Sequence sequence={sequence} upto={lastEntry(steps, at)} />
      </div>
      <aside class="side" aria-label={t('This step')}>
        <StepPanel step={step} began={steps[0]?.at ?? step.at} />
        {diverged && at === last && (
          <p class="problem">
            {t('Here the statechart of today would do something else than the journal tells: {why}', {
              why: diverged.why,
            })}
          </p>
        )}
      </aside>
    </>
  );
}

const lastEntry = (steps: readonly ReplayStep[], at: number): number | undefined =>
  steps.slice(0, at + 1).findLast(({ entries }) => entries)?.entries?.[1];

async function copyTest(conversation: string, turn: string): Promise<void> {
  try {
    const { test } = await api<{ readonly test: string }>(
      `/api/inspect/turns/${encodeURIComponent(turn)}/test`,
      {
        query: { conversation },
      },
    );
    await navigator.clipboard.writeText(test);
    toast({ text: t('The turn is in the clipboard, as a test for vitest.') });
  } catch (error) {
    toastError(error);
  }
}

function StepPanel({ step, began }: { readonly step: ReplayStep; readonly began: string }) {
  const { event, from, to, at, entries, requests, changes, context } = step;
  return (
    <div class="panel-body">
      <section>
        <h3>{event === null ? t('It begins') : inWords(event.type)}</h3>
        {event !== null && event.preview !== '' && <p class="preview quiet">{visible(event.preview)}</p>}
        <Facts
          rows={[
            [t('State'), from === null || from === to ? inWords(to) : `${inWords(from)} → ${inWords(to)}`],
            [t('After'), duration(Math.max(0, Date.parse(at) - Date.parse(began)))],
            [t('Journal'), entries === null ? t('nothing written') : entriesText(entries)],
            ...(requests.length > 0 ? [[t('It asked for'), requests.map(inWords).join(', ')] as const] : []),
          ]}
        />
      </section>
      <section>
        <h3>{t('What changed')}</h3>
        {changes.length === 0 ? <p class="quiet">{t('Nothing it knows.')}</p> : <Changes changes={changes} />}
      </section>
      <section>
        <h3>{t('What it knows')}</h3>
        {Object.entries(context).map(([name, value]) => (
          <JsonView key={name} name={name} value={value} />
        ))}
      </section>
    </div>
  );
}

const entriesText = ([first, last]: readonly [number, number]): string =>
  first === last ? t('entry {first}', { first }) : t('entries {first} to {last}', { first, last });

function Changes({ changes }: { readonly changes: readonly ContextChange[] }) {
  return (
    <ul class="changes">
      {changes.map(({ path, before, after }) => (
        <li key={path}>
          <code class="json-name">{path}</code>
          {before !== undefined && <del>{shown(before)}</del>}
          {after !== undefined && <ins>{shown(after)}</ins>}
        </li>
      ))}
    </ul>
  );
}

const shown = (value: ContextChange['after']): string =>
  visible(typeof value === 'string' ? value : JSON.stringify(value));
