import { Radio, Unplug } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PendingApproval } from '../../../src/core/assistant.ts';
import type { TreeNode } from '../../../src/core/tree.ts';
import { request, whenConnected } from '../connection.ts';
import { t } from '../i18n.ts';
import { go, place } from '../route.ts';
import { Page } from '../shell/page.tsx';
import { Badge, Skeleton, Tabs } from '../ui/index.ts';
import { dropped, follow, isFollowing, tree } from './feed.ts';
import { Headline } from './headline.tsx';
import './inspect.css';
import { Live } from './live.tsx';
import { PastTurns } from './past-turns.tsx';
import { Replay } from './replay.tsx';
import { type Saying, sayings } from './saying.ts';
import { Supervision } from './supervision.tsx';
import { runningTurns } from './tree-walk.ts';

/** The running system, looked into: who stands where, what each is doing, and any past turn step by step. */
export default function InspectPage() {
  const { query } = place.value;
  const conversation = query.get('conversation') ?? undefined;
  const turn = query.get('turn') ?? undefined;
  const approvals = useApprovals();
  const root = tree.value;
  const told = root ? sayings(root, approvals) : [];
  const path = useShown(query.get('actor') ?? undefined, told);
  useEffect(() => follow(turn === undefined ? path : undefined), [path, turn === undefined]);
  return (
    <Page title={t('Actors')} fill actions={<State />}>
      <div class={`inspect ${turn === undefined ? '' : 'past'}`}>
        <Headline told={told} chosen={path} onChoose={chooseActor} />
        <nav class="outline" aria-label={t('What to look at')}>
          <Outline conversation={conversation} turn={turn} path={turn === undefined ? path : undefined} />
        </nav>
        {conversation !== undefined && turn !== undefined ? (
          <Replay
            conversation={conversation}
            turn={turn}
            step={numberIn(query.get('step'))}
            onStep={(step) => go(turnAddress(conversation, turn, step), { replace: true })}
          />
        ) : (
          <Live path={path} />
        )}
      </div>
    </Page>
  );
}

interface OutlineProps {
  readonly conversation: string | undefined;
  readonly turn: string | undefined;
  readonly path: string | undefined;
}

function Outline({ conversation, turn, path }: OutlineProps) {
  const [tab, setTab] = useState(conversation === undefined ? 'tree' : 'turns');
  const root = tree.value;
  return (
    <Tabs
      label={t('What to look at')}
      tabs={[
        { id: 'tree', title: t('Now') },
        { id: 'turns', title: t('Past turns') },
      ]}
      chosen={tab}
      onChoose={setTab}
    >
      {tab === 'turns' ? (
        <PastTurns
          conversation={conversation}
          turn={turn}
          onChoose={(chosen, wanted) => go(turnAddress(chosen, wanted))}
        />
      ) : root ? (
        <Supervision root={root} chosen={path} onChoose={chooseActor} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Tabs>
  );
}

const chooseActor = (path: string): void => go(`/inspect?actor=${encodeURIComponent(path)}`);

function turnAddress(conversation: string, turn?: string, step?: number): string {
  const query = new URLSearchParams({ conversation });
  if (turn !== undefined) query.set('turn', turn);
  if (step !== undefined) query.set('step', String(step));
  return `/inspect?${query}`;
}

function numberIn(text: string | null): number | undefined {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? undefined : number;
}

/** The chosen actor; where none is, whoever is at work; when that ends, it stays in sight until another begins. */
function useShown(chosen: string | undefined, told: readonly Saying[]): string | undefined {
  const shown = useRef<string | undefined>(undefined);
  if (chosen === undefined)
    shown.current = told.find(({ conversationId }) => conversationId)?.path ?? shown.current;
  return chosen ?? shown.current;
}

/** The questions that wait for the user, asked for anew when a turn comes to one. */
function useApprovals(): readonly PendingApproval[] {
  const [approvals, setApprovals] = useState<readonly PendingApproval[]>([]);
  const asking = askingIn(tree.value);
  useEffect(() => {
    if (asking === '') return setApprovals([]);
    return whenConnected(() => {
      request('approvals', { type: 'approvals' }).then(
        (answer) => setApprovals(answer.approvals),
        () => {},
      );
    });
  }, [asking]);
  return approvals;
}

/** The turns that ask, one after the other; empty: none. */
function askingIn(root: TreeNode | undefined): string {
  const turns = root ? runningTurns(root).filter(({ state }) => state.startsWith('awaiting')) : [];
  return turns
    .map(({ path }) => path)
    .sort()
    .join();
}

function State() {
  if (!isFollowing.value) {
    return (
      <Badge kind="warn">
        <Unplug size={13} aria-hidden="true" /> {t('not connected')}
      </Badge>
    );
  }
  return (
    <>
      {dropped.value > 0 && (
        <Badge kind="warn" title={t('So much happened that some of it could not be shown.')}>
          {t('{count} not shown', { count: dropped.value })}
        </Badge>
      )}
      <Badge kind="good">
        <Radio size={13} aria-hidden="true" /> {t('live')}
      </Badge>
    </>
  );
}
