import { useComputed, useSignal } from '@preact/signals';
import { Download, Eraser, Pause, Play } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n.ts';
import { bindKeys } from '../../keys.ts';
import { Page } from '../../shell/page.tsx';
import { Badge, Button, IconButton } from '../../ui/index.ts';
import { FilterBar } from './filter-bar.tsx';
import { Lines } from './lines.tsx';
import { openLogFeed } from './log-feed.ts';
import { asText, filtered, type LogFilter, targetsOf } from './log-filter.ts';
import { ServerLevel } from './server-level.tsx';
import './logs.css';

const EVERYTHING: LogFilter = { level: 'trace', target: '', text: '' };

/** What the assistant's log says, as it says it. */
export default function LogsPage() {
  const [feed] = useState(() => openLogFeed());
  const filter = useSignal(EVERYTHING);
  const isHeld = useSignal(false);
  const shown = useComputed(() => filtered(feed.lines.value, filter.value));
  const targets = useComputed(() => targetsOf(feed.lines.value));
  useEffect(() => feed.close, [feed]);
  const hold = () => {
    isHeld.value = !isHeld.peek();
    feed.hold(isHeld.peek());
  };
  useEffect(() => bindKeys([{ keys: 'p', about: t('Pause or go on'), group: t('Logs'), run: hold }]), []);
  const actions = (
    <>
      <Badge kind={feed.isLive.value ? 'good' : 'warn'}>
        {feed.isLive.value ? t('Live') : t('Connecting…')}
      </Badge>
      <Button icon={isHeld.value ? Play : Pause} onClick={hold} aria-pressed={isHeld.value}>
        {isHeld.value ? heldText(feed.held.value) : t('Pause')}
      </Button>
      <IconButton
        icon={Download}
        label={t('Download what is shown')}
        disabled={shown.value.length === 0}
        onClick={() => download(asText(shown.value))}
      />
      <IconButton icon={Eraser} label={t('Empty this page')} onClick={feed.clear} />
    </>
  );
  return (
    <Page title={t('Logs')} actions={actions} fill>
      <div class="logs">
        <div class="logs-bar">
          <FilterBar
            filter={filter.value}
            targets={targets.value}
            onFilter={(wanted) => {
              filter.value = wanted;
            }}
          />
          <ServerLevel />
        </div>
        <Lines
          lines={shown.value}
          of={feed.lines.value.length}
          onEverything={() => {
            filter.value = EVERYTHING;
          }}
        />
      </div>
    </Page>
  );
}

function heldText(count: number): string {
  return count === 0 ? t('Go on') : t('Go on: {count} new lines', { count });
}

function download(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  link.download = `ironbark-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`;
  link.click();
  URL.revokeObjectURL(link.href);
}
