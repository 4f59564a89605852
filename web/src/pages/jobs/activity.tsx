import { useSignal } from '@preact/signals';
import { Component } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JobEventInfo } from '../../../../src/core/api/jobs.ts';
import type { Json } from '../../../../src/core/json.ts';
import { readJobEvent } from '../../../../src/core/read-job-event.ts';
import { type Plan, readPlan } from '../../chat/plan.ts';
import { PlanView } from '../../chat/rows/plan-view.tsx';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Button, CodeBlock, Markdown, Problem, Skeleton } from '../../ui/index.ts';
import { type EventFeed, openEventFeed } from './event-feed.ts';

/** What a job does and says, as it happens, with its plan on top. */
export function Activity({ id }: { readonly id: string }) {
  const [feed, setFeed] = useState<EventFeed>();
  useEffect(() => {
    const opened = openEventFeed(id);
    setFeed(opened);
    return opened.close;
  }, [id]);
  return feed ? <Held feed={feed} /> : <Skeleton lines={4} />;
}

function Held({ feed }: { readonly feed: EventFeed }) {
  const events = feed.events.value;
  const error = feed.error.value;
  if (events === null) return error ? <Problem error={error} retry={feed.retry} /> : <Skeleton lines={4} />;
  const plan = planIn(events);
  return (
    <div class="stack">
      {error && <Problem error={error} retry={feed.retry} />}
      {plan && <PlanView row={{ plan }} />}
      {feed.hasEarlier.value && (
        <Button onClick={() => void feed.readAll()}>{t('Show it from the beginning')}</Button>
      )}
      {events.length === 0 ? (
        <p class="quiet">{t('It has done nothing yet.')}</p>
      ) : (
        <ol class="jobs-activity" aria-label={t('What it did')}>
          {events.map((event) => (
            <Line key={event.seq} event={event} />
          ))}
        </ol>
      )}
    </div>
  );
}

/** The checklist as its last call has it. */
function planIn(events: readonly JobEventInfo[]): Plan | undefined {
  for (const event of events.toReversed()) {
    if (event.type !== 'tool_use') continue;
    const told = readJobEvent(event);
    if (told.type === 'tool_use' && told.tool === 'plan_update' && isObject(told.input))
      return readPlan(told.input);
  }
  return undefined;
}

/** An event never changes: only new ones are drawn. */
class Line extends Component<{ readonly event: JobEventInfo }> {
  override shouldComponentUpdate(next: { readonly event: JobEventInfo }): boolean {
    return next.event !== this.props.event;
  }

  override render() {
    const { event } = this.props;
    return (
      <li class={`is-${event.type}`}>
        <time dateTime={event.at} title={event.at}>
          {new Date(event.at).toLocaleTimeString()}
        </time>
        <div class="grow">
          <What event={event} />
        </div>
      </li>
    );
  }
}

function What({ event }: { readonly event: JobEventInfo }) {
  const told = readJobEvent(event);
  switch (told.type) {
    case 'message':
      return told.role === 'assistant' ? (
        <Markdown text={visible(told.text)} />
      ) : (
        <p class="jobs-said">{visible(told.text)}</p>
      );
    case 'reasoning':
    case 'status':
      return <p class="quiet">{visible(told.text)}</p>;
    case 'tool_use':
      return (
        <Opened what={t('calls')} name={told.tool} content={JSON.stringify(told.input, null, 2)} isCode />
      );
    case 'tool_result':
      return <Opened what={told.ok ? t('result of') : t('failed:')} name={told.tool} content={told.text} />;
    case 'result':
      return <Markdown text={visible(told.text || told.status)} />;
  }
}

interface OpenedProps {
  readonly what: string;
  readonly name: string;
  readonly content: string;
  readonly isCode?: boolean;
}

/** One line; the whole when it is opened. */
function Opened({ what, name, content, isCode = false }: OpenedProps) {
  const isOpen = useSignal(false);
  return (
    <details
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        <span class="quiet">{what}</span> <b>{visible(name)}</b>{' '}
        <span class="quiet">{visible(content.slice(0, 160))}</span>
      </summary>
      {isOpen.value && <CodeBlock code={visible(content)} language={isCode ? 'json' : undefined} />}
    </details>
  );
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
