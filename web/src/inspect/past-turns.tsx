import { useEffect, useState } from 'preact/hooks';
import type { ConversationSummary } from '../../../src/core/assistant.ts';
import type { TurnSummary } from '../../../src/core/inspect.ts';
import { api } from '../api.ts';
import { request, whenConnected } from '../connection.ts';
import { visible } from '../format.ts';
import { t } from '../i18n.ts';
import { Badge, EmptyState, Problem, Select, Skeleton, Time, toastError } from '../ui/index.ts';

export interface PastTurnsProps {
  readonly conversation: string | undefined;
  readonly turn: string | undefined;
  onChoose(conversation: string, turn: string | undefined): void;
}

/** Conversations and their turns, to be gone through again. */
export function PastTurns({ conversation, turn, onChoose }: PastTurnsProps) {
  const [conversations, setConversations] = useState<readonly ConversationSummary[]>();
  useEffect(
    () =>
      whenConnected(() => {
        request('conversations', { type: 'conversations' })
          .then((answer) => setConversations(answer.conversations))
          .catch(toastError);
      }),
    [],
  );
  const chosen = conversation ?? conversations?.[0]?.conversationId;
  if (!conversations) return <Skeleton lines={4} />;
  if (chosen === undefined) return <EmptyState title={t('Nothing was said yet')} />;
  const known = conversations.some(({ conversationId }) => conversationId === chosen);
  return (
    <div class="stack">
      <Select
        label={t('Conversation')}
        value={chosen}
        onChange={(id) => onChoose(id, undefined)}
        options={[
          ...(known ? [] : [{ value: chosen, label: chosen }]),
          ...conversations.map(({ conversationId, title }) => ({
            value: conversationId,
            label: visible(title ?? conversationId),
          })),
        ]}
      />
      <Turns key={chosen} conversation={chosen} turn={turn} onChoose={onChoose} />
    </div>
  );
}

function Turns({ conversation, turn, onChoose }: PastTurnsProps & { readonly conversation: string }) {
  const [turns, setTurns] = useState<readonly TurnSummary[]>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    api<{ readonly turns: readonly TurnSummary[] }>('/api/inspect/turns', {
      query: { conversation, limit: 50 },
    }).then((found) => setTurns(found.turns), setFailure);
  }, [conversation]);
  if (failure !== undefined) return <Problem error={failure} />;
  if (!turns) return <Skeleton lines={4} />;
  return (
    <ol class="turns">
      {turns.map(({ turnId, about, beganAt, finish }) => (
        <li key={turnId}>
          <button type="button" aria-current={turnId === turn} onClick={() => onChoose(conversation, turnId)}>
            <span class="cut">{visible(about)}</span>
            <span class="spread quiet small">
              <Time at={beganAt} />
              <Badge kind={finish === 'answered' ? 'good' : finish === null ? 'info' : 'warn'}>
                {finish === null ? t('running') : t(finish)}
              </Badge>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
