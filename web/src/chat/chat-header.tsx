import { useSignal } from '@preact/signals';
import { Menu, Pencil, SquarePen } from 'lucide-preact';
import { api } from '../api.ts';
import { visible } from '../format.ts';
import { t } from '../i18n.ts';
import { Button, IconButton, toastError } from '../ui/index.ts';
import { current, openNew, rows } from './conversation.ts';
import { approvals, refreshList, title } from './conversations.ts';
import { isPostponed, isSettingUp, modelInUse } from './onboarding/setup-state.ts';

/** The conversation's name, which can be changed in place, and the model that answers. */
export function ChatHeader({ onMenu }: { onMenu(): void }) {
  const isNaming = useSignal(false);
  const canRename = title.value !== null;
  return (
    <header class="chat-head">
      <span class={`for-phone chat-menu ${isAskedElsewhere() ? 'asks' : ''}`}>
        <IconButton icon={Menu} label={t('Show conversations')} onClick={onMenu} />
      </span>
      {isNaming.value ? (
        <TitleInput
          onDone={() => {
            isNaming.value = false;
          }}
        />
      ) : (
        <h1 class="cut">{visible(title.value ?? t('New conversation'))}</h1>
      )}
      {canRename && !isNaming.value && (
        <IconButton
          tiny
          icon={Pencil}
          label={t('Rename')}
          onClick={() => {
            isNaming.value = true;
          }}
        />
      )}
      <span class="grow" />
      <ModelMark />
      <IconButton class="for-phone" icon={SquarePen} label={t('New conversation')} onClick={openNew} />
    </header>
  );
}

const isAskedElsewhere = (): boolean =>
  approvals.value.some(({ conversationId }) => conversationId !== current.value);

/** Which model answers; where there is none, the way to one. */
function ModelMark() {
  const model = modelInUse.value;
  // Where the set-up is on the page already, nobody needs a way to it.
  const isShown = isSettingUp.value && rows.value.length === 0;
  if (model === undefined || isShown) return null;
  if (model === 'offline')
    return (
      <Button variant="primary" class="chat-setup" onClick={setUp}>
        {t('Set up a model')}
      </Button>
    );
  return (
    <a class="chat-model cut" href="/settings" title={t('The language model that answers')}>
      {model}
    </a>
  );
}

function setUp(): void {
  isPostponed.value = false;
  if (rows.peek().length > 0) openNew();
}

const MOST = 80;

function TitleInput({ onDone }: { onDone(): void }) {
  const save = (name: string) => {
    onDone();
    if (name.trim() === '' || name.trim() === title.peek()) return;
    api(`/api/chat/thread/${encodeURIComponent(current.peek())}`, {
      method: 'PATCH',
      body: { title: name.trim() },
    })
      .then(refreshList)
      .catch(toastError);
  };
  return (
    <input
      class="input chat-title"
      aria-label={t('Name of the conversation')}
      maxLength={MOST}
      ref={(node) => {
        if (node && document.activeElement !== node) node.select();
      }}
      defaultValue={title.peek() ?? ''}
      onBlur={onDone}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save(event.currentTarget.value);
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    />
  );
}
