import { Clock, Copy, Paperclip, Pencil, RotateCcw, Undo2, Waypoints } from 'lucide-preact';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { copyText, IconButton, moment, toast } from '../../ui/index.ts';
import { withoutAttachments } from '../attachments.ts';
import { current, editFrom, isLastTurn, isTalk, say, undoFrom } from '../conversation.ts';
import type { Outgoing } from '../outbox.ts';
import type { UserRow } from '../row.ts';

export function UserView({ row }: { readonly row: UserRow }) {
  if (row.isCommand) return <p class="message user command">{visible(row.text)}</p>;
  return (
    <div class="turn-part mine">
      {row.origin !== undefined && (
        <small class="quiet">{t('from {who}', { who: visible(row.origin) })}</small>
      )}
      <Bubble text={row.text} />
      {row.steers && <small class="quiet">{t('seen with the next step')}</small>}
      <UserActions row={row} />
    </div>
  );
}

/** A message that the assistant does not have yet, or not shown yet. */
export function PendingView({ sent }: { readonly sent: Outgoing }) {
  return (
    <div class="turn-part mine">
      <Bubble text={sent.text} isPending />
      <small class="quiet pending-mark">
        <Clock size={12} aria-hidden="true" /> {t('Sending …')}
      </small>
    </div>
  );
}

function Bubble({ text: whole, isPending = false }: { readonly text: string; readonly isPending?: boolean }) {
  const { text, attached } = withoutAttachments(whole);
  return (
    <>
      {text !== '' && (
        <div class={`message user ${isPending ? 'pending' : ''}`} dir="auto">
          {visible(text)}
        </div>
      )}
      {attached.length > 0 && (
        <ul class="attached">
          {attached.map(({ path, about }) => (
            <li key={path} title={path}>
              <Paperclip size={13} aria-hidden="true" />
              <span class="cut">{visible(path.split('/').at(-1) ?? path)}</span>
              <small>{visible(about)}</small>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function UserActions({ row: { turnId, text, at } }: { readonly row: UserRow }) {
  const canChange = isTalk(turnId);
  return (
    <div class="actions">
      <time class="quiet" dateTime={at}>
        {moment(at)}
      </time>
      <IconButton tiny icon={Copy} label={t('Copy')} onClick={() => void copy(text)} />
      {canChange && (
        <IconButton
          tiny
          icon={Pencil}
          label={t('Edit in a new branch')}
          onClick={() => editFrom(turnId, withoutAttachments(text).text)}
        />
      )}
      {canChange && (
        <IconButton tiny icon={Undo2} label={t('Undo from here')} onClick={() => undoFrom(turnId)} />
      )}
      {canChange && isLastTurn(turnId) && (
        <IconButton tiny icon={RotateCcw} label={t('Retry')} onClick={() => say('/retry', 'auto')} />
      )}
      <TraceLink turnId={turnId} />
    </div>
  );
}

export function TraceLink({ turnId }: { readonly turnId: string }) {
  const query = new URLSearchParams({ conversation: current.value, turn: turnId });
  return (
    <a
      class="button ghost tiny icon"
      href={`/inspect?${query}`}
      aria-label={t('How it came about')}
      title={t('How it came about')}
    >
      <Waypoints size={15} aria-hidden="true" />
    </a>
  );
}

export async function copy(text: string): Promise<void> {
  if (await copyText(text)) toast({ text: t('Copied') });
}
