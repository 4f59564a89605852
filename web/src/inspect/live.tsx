import { useEffect, useRef, useState } from 'preact/hooks';
import { inWords } from '../../../src/core/chart/words.ts';
import type { Chart, Standing, TurnSequence } from '../../../src/core/inspect.ts';
import type { TreeNode } from '../../../src/core/tree.ts';
import { api } from '../api.ts';
import { t } from '../i18n.ts';
import {
  Badge,
  Button,
  Dialog,
  EmptyState,
  Problem,
  Skeleton,
  Tabs,
  toast,
  toastError,
} from '../ui/index.ts';
import { ChartView } from './chart-view.tsx';
import { type Closely, useClosely } from './closely.ts';
import { tree } from './feed.ts';
import { Messages } from './messages.tsx';
import { Budget, NowPanel } from './now-panel.tsx';
import { Sequence } from './sequence.tsx';
import { conversationOf, nodeAt, shortId } from './tree-walk.ts';
import { Trouble } from './trouble.tsx';

/** One actor as it is at this moment. */
export function Live({ path }: { readonly path: string | undefined }) {
  const node = path === undefined ? undefined : nodeAt(tree.value, path);
  const life = useRef<number | undefined>(undefined);
  if (node) life.current = node.incarnation;
  const closely = useClosely(path, life.current);
  const [tab, setTab] = useState('now');
  return (
    <>
      <div class="stage">
        {path !== undefined && <ActorBar path={path} node={node} />}
        <Stage path={path} node={node} closely={closely} />
      </div>
      <aside class="side" aria-label={t('About this actor')}>
        <Tabs
          label={t('About this actor')}
          tabs={[
            { id: 'now', title: t('Now') },
            { id: 'messages', title: t('Messages') },
            { id: 'trouble', title: t('Trouble') },
          ]}
          chosen={tab}
          onChoose={setTab}
        >
          {tab === 'now' && (path === undefined ? <Legend /> : <NowPanel node={node} closely={closely} />)}
          {tab === 'messages' && <Messages path={path} />}
          {tab === 'trouble' && <Trouble />}
        </Tabs>
      </aside>
    </>
  );
}

function ActorBar({ path, node }: { readonly path: string; readonly node: TreeNode | undefined }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const restart = async () => {
    setBusy(true);
    try {
      await api('/api/inspect/restart', { body: { path, confirm: path } });
      toast({ text: t('It ended and is started again by its supervisor.') });
      setAsking(false);
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const [parent, name] = path.split('/').slice(-2);
  return (
    <header class="actor-bar">
      <h2 class="cut" title={path}>
        {name ?? parent}
      </h2>
      {node ? <Badge kind="info">{inWords(node.state)}</Badge> : <Badge>{t('ended')}</Badge>}
      {name !== undefined && (
        <span class="quiet small cut">{t('of {parent}', { parent: shortId(parent ?? '') })}</span>
      )}
      {node?.intensity && <Budget {...node.intensity} />}
      <span class="grow" />
      {node && (
        <Button tiny onClick={() => setAsking(true)}>
          {t('Restart…')}
        </Button>
      )}
      <Dialog
        title={t('Restart this actor?')}
        open={asking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{t('Leave it')}</Button>
            <Button variant="danger" busy={busy} onClick={restart}>
              {t('Restart')}
            </Button>
          </>
        }
      >
        <p>
          {t(
            'It ends as if it had crashed, and its supervisor starts it again. What it had accepted goes on from the journal.',
          )}
        </p>
        <p class="quiet mono">{path}</p>
      </Dialog>
    </header>
  );
}

interface StageProps {
  readonly path: string | undefined;
  readonly node: TreeNode | undefined;
  readonly closely: Closely;
}

const NOWHERE: Standing = { active: [], context: {}, timers: [], next: [] };

function Stage({ path, node, closely }: StageProps) {
  const { chart, standing, recent, view, failure } = closely;
  if (path === undefined) return <Preview />;
  if (failure !== undefined && !chart) return <Gone failure={failure} node={node} />;
  if (!view) return <Skeleton lines={6} />;
  if (!chart) return <NoChart node={node} />;
  const { active, next } = standing ?? NOWHERE;
  const last = recent.at(-1);
  return (
    <>
      <ChartView
        chart={chart}
        active={active}
        next={node ? next.map(({ transition }) => transition) : []}
        taken={last?.taken ?? []}
        step={last?.seq ?? 0}
      />
      {isTurnPath(path) && <TurnMessages path={path} standing={standing} moment={last?.seq ?? 0} />}
    </>
  );
}

const isTurnPath = (path: string): boolean => path.endsWith('/turn') && conversationOf(path) !== undefined;

function Gone({ failure, node }: { readonly failure: unknown; readonly node: TreeNode | undefined }) {
  if (node) return <Problem error={failure} />;
  return (
    <EmptyState title={t('It has ended')}>
      <p>{t('Choose another actor, or look at past turns.')}</p>
    </EmptyState>
  );
}

function NoChart({ node }: { readonly node: TreeNode | undefined }) {
  if (!node) return <EmptyState title={t('It has ended')} />;
  return (
    <EmptyState title={node.kind === 'supervisor' ? t('A supervisor') : t('A worker without a statechart')}>
      {node.kind === 'supervisor' ? (
        <p>
          {t(
            'It starts its {count} children, and starts them again when they end. It has no states of its own.',
            {
              count: node.children.length,
            },
          )}
        </p>
      ) : (
        <p>{t('It does one thing until it is stopped.')}</p>
      )}
    </EmptyState>
  );
}

/** While nothing goes on: what a turn would go through. */
function Preview() {
  const [chart, setChart] = useState<Chart>();
  useEffect(() => {
    api<{ readonly charts: readonly Chart[] }>('/api/inspect/charts')
      .then(({ charts }) => setChart(charts.find(({ id }) => id === 'turn')))
      .catch(toastError);
  }, []);
  return (
    <>
      <p class="caption quiet">
        {t('This is what each message goes through. Send one, and its way lights up here.')}
      </p>
      {chart ? <ChartView chart={chart} active={[]} next={[]} taken={[]} step={0} /> : <Skeleton lines={6} />}
    </>
  );
}

export function Legend() {
  return (
    <div class="panel-body legend">
      <section>
        <h3>{t('How to read it')}</h3>
        <dl class="legend-list">
          <dt class="legend-active">{t('lit')}</dt>
          <dd>{t('where it is now')}</dd>
          <dt class="legend-arrow">→</dt>
          <dd>{t('an arrow: what must happen for it to go on')}</dd>
          <dt class="legend-next">→</dt>
          <dd>{t('what can happen next')}</dd>
          <dt class="legend-dot">●</dt>
          <dd>{t('where it begins')}</dd>
          <dt class="legend-end">◎</dt>
          <dd>{t('where it ends')}</dd>
        </dl>
      </section>
    </div>
  );
}

const REFRESH_MS = 400;

interface TurnMessagesProps {
  readonly path: string;
  readonly standing: Standing | null;
  /** Changes with each thing that happens. */
  readonly moment: number;
}

/** The journal of a running turn, drawn anew as it grows. */
function TurnMessages({ path, standing, moment }: TurnMessagesProps) {
  const conversation = conversationOf(path) ?? '';
  const turnId = typeof standing?.context.turnId === 'string' ? standing.context.turnId : undefined;
  const [sequence, setSequence] = useState<TurnSequence>();
  useEffect(() => {
    if (turnId === undefined) return undefined;
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      api<TurnSequence>(`/api/inspect/turns/${encodeURIComponent(turnId)}/sequence`, {
        query: { conversation },
        signal: stopped.signal,
      }).then(setSequence, () => {});
    }, REFRESH_MS);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [turnId, conversation, moment]);
  if (sequence?.turnId !== turnId || !sequence) return null;
  return <Sequence sequence={sequence} />;
}
