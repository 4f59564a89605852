import { ArrowDown, ScrollText } from 'lucide-preact';
import { Component } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LogLine } from '../../../../src/core/api/logs.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Button, CodeBlock, EmptyState } from '../../ui/index.ts';

interface LinesProps {
  readonly lines: readonly LogLine[];
  /** How many there are without the filter. */
  readonly of: number;
  /** Takes the filter away. */
  onEverything(): void;
}

/** So near to its end a list is at its end. */
const NEAR_PX = 24;

/** Follows the end of the log until the user scrolls up. */
export function Lines({ lines, of, onEverything }: LinesProps) {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef(0);
  const [follows, setFollows] = useState(true);
  useLayoutEffect(() => {
    const node = list.current;
    if (follows && node) node.scrollTop = node.scrollHeight;
  }, [lines, follows]);
  if (lines.length === 0) return <Nothing isFiltered={of > 0} onEverything={onEverything} />;
  return (
    <div class="logs-frame">
      <section
        ref={list}
        class="logs-lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('Log lines')}
        onScroll={({ currentTarget }) => {
          const { scrollHeight, scrollTop, clientHeight } = currentTarget;
          const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
          // A line that is opened or that comes moves the end away; only the user moves up.
          if (isAtEnd || scrollTop < before.current) setFollows(isAtEnd);
          before.current = scrollTop;
        }}
      >
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </section>
      {!follows && (
        <Button class="logs-latest" icon={ArrowDown} onClick={() => setFollows(true)}>
          {t('Latest')}
        </Button>
      )}
    </div>
  );
}

function Nothing({ isFiltered, onEverything }: { readonly isFiltered: boolean; onEverything(): void }) {
  if (isFiltered)
    return (
      <EmptyState
        icon={ScrollText}
        title={t('No line fits')}
        action={<Button onClick={onEverything}>{t('Show everything')}</Button>}
      >
        {t('The log has other lines.')}
      </EmptyState>
    );
  return (
    <EmptyState icon={ScrollText} title={t('Nothing was logged yet')}>
      {t('Lines appear here as they are written. To see more of them, let the assistant write “debug”.')}
    </EmptyState>
  );
}

interface LineProps {
  readonly line: LogLine;
}

/** A line never changes: of two thousand, only new ones are drawn, and their details when they are opened. */
class Line extends Component<LineProps, { readonly isOpen: boolean }> {
  override state = { isOpen: false };

  override shouldComponentUpdate(next: LineProps, { isOpen }: { readonly isOpen: boolean }): boolean {
    return next.line !== this.props.line || isOpen !== this.state.isOpen;
  }

  override render() {
    const { line } = this.props;
    return (
      <details
        class={`logs-line is-${line.level}`}
        onToggle={({ currentTarget }) => this.setState({ isOpen: currentTarget.open })}
      >
        <summary>
          <time dateTime={line.at} title={line.at}>
            {clockTime(line.at)}
          </time>
          <span class="logs-level">{line.level}</span>
          <span class="logs-target">{line.target}</span>
          <span class="logs-message">{visible(line.message)}</span>
        </summary>
        {this.state.isOpen && <Details line={line} />}
      </details>
    );
  }
}

function Details({ line }: LineProps) {
  return (
    <div class="logs-more">
      <Whereabouts line={line} />
      <CodeBlock code={JSON.stringify({ at: line.at, ...line.fields }, null, 2)} language="json" />
    </div>
  );
}

/** The ways from a line to what it is about. */
function Whereabouts({ line: { thread_id, turn_id } }: LineProps) {
  if (thread_id === undefined) return null;
  const conversation = encodeURIComponent(thread_id);
  const turn = turn_id === undefined ? '' : `&turn=${encodeURIComponent(turn_id)}`;
  return (
    <p class="row">
      <a href={`/chat/${conversation}`}>{t('Open the conversation')}</a>
      <a href={`/inspect?conversation=${conversation}${turn}`}>
        {turn === '' ? t('What happened in it') : t('What happened in this turn')}
      </a>
    </p>
  );
}

function clockTime(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const thousandths = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${thousandths}`;
}
