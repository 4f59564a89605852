import { useSignal } from '@preact/signals';
import { Download, MessageCircle, SquarePen } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n.ts';
import { bindKeys } from '../keys.ts';
import { addCommands } from '../palette.ts';
import { toastError } from '../ui/index.ts';
import { ChatHeader } from './chat-header.tsx';
import { Composer } from './composer.tsx';
import { current, follow, interrupt, open, openNew, running } from './conversation.ts';
import { ConversationList } from './conversation-list.tsx';
import { conversations, followList } from './conversations.ts';
import { downloadConversation } from './download.ts';
import { TranscriptView } from './transcript-view.tsx';
import './chat.css';

// For as long as the page is open: other pages do not end what is being followed.
follow();
followList();

export default function ChatPage() {
  const isListOver = useSignal(false);
  useEffect(
    () =>
      bindKeys([
        { keys: 'mod+j', about: t('New conversation'), group: t('Chat'), run: openNew },
        {
          keys: 'Escape',
          about: t('Stop what the assistant is doing'),
          group: t('Chat'),
          whileTyping: true,
          run: stop,
        },
        { keys: '/', about: t('Write a message'), group: t('Chat'), run: focusComposer },
        {
          keys: 'alt+ArrowDown',
          about: t('Next conversation'),
          group: t('Chat'),
          whileTyping: true,
          run: () => step(1),
        },
        {
          keys: 'alt+ArrowUp',
          about: t('Previous conversation'),
          group: t('Chat'),
          whileTyping: true,
          run: () => step(-1),
        },
      ]),
    [],
  );
  const list = conversations.value;
  useEffect(() => {
    const fresh = {
      id: 'new',
      title: t('New conversation'),
      group: t('Actions'),
      icon: SquarePen,
      run: openNew,
    };
    const talks = (list ?? []).map(({ conversationId, title }) => ({
      id: `conversation ${conversationId}`,
      title: title ?? t('Untitled'),
      group: t('Conversations'),
      icon: MessageCircle,
      run: () => open(conversationId),
    }));
    const download = {
      id: 'download',
      title: t('Download this conversation'),
      group: t('Actions'),
      icon: Download,
      words: 'export markdown share',
      run: () => void downloadConversation().catch(toastError),
    };
    return addCommands([fresh, download, ...talks]);
  }, [list]);
  return (
    <div class="chat">
      <ConversationList
        isOver={isListOver.value}
        onClose={() => {
          isListOver.value = false;
        }}
      />
      <div class="chat-main">
        <ChatHeader
          onMenu={() => {
            isListOver.value = true;
          }}
        />
        <TranscriptView key={current.value} />
        <Composer />
      </div>
    </div>
  );
}

/** Not where Escape is for something else: a dialog, a search, a name. */
function stop({ target }: KeyboardEvent): void {
  const isElsewhere = target instanceof HTMLInputElement || document.querySelector('dialog[open]') !== null;
  if (running.peek() && !isElsewhere) interrupt();
}

function focusComposer(): void {
  document.getElementById('text')?.focus();
}

/** To a neighbour in the list, as it is sorted. */
function step(by: number): void {
  const sorted = (conversations.peek() ?? []).toSorted((a, b) => (a.lastActiveAt < b.lastActiveAt ? 1 : -1));
  const at = sorted.findIndex(({ conversationId }) => conversationId === current.peek());
  const next = sorted[at + by];
  if (next) open(next.conversationId);
}
