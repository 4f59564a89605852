import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { ArrowDown } from 'lucide-preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n.ts';
import { place } from '../route.ts';
import { Button, IconButton, Skeleton, toastError } from '../ui/index.ts';
import { blocksOf, keyOf } from './blocks.ts';
import { current, hasEarlier, isLoaded, loadEarlier, pending, rows } from './conversation.ts';
import { RowBlock } from './row-block.tsx';
import { PendingView } from './rows/user-view.tsx';
import { Welcome } from './welcome.tsx';
import { Working } from './working.tsx';

/** Nearer to the end than this, the end is followed. */
const END_PX = 80;

/** What was said and done, scrolled to the end unless the user reads further up. */
export function TranscriptView() {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useSignal(true);
  const fromEnd = useRef<number | undefined>(undefined);
  const blocks = useComputed(() => blocksOf(rows.value));
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });

  useEffect(() => {
    const node = content.current;
    if (!node) return;
    const observer = new ResizeObserver(() => {
      // A welcome is read from its beginning.
      const hasTalk = rows.peek().length + pending.peek().length > 0;
      if (isAtEnd.peek() && hasTalk) toEnd();
    });
    observer.observe(node);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  useSignalEffect(() => {
    void current.value;
    isAtEnd.value = place.peek().query.get('at') === null;
  });
  useSignalEffect(() => {
    if (pending.value.length > 0) isAtEnd.value = true;
  });
  // Earlier messages come in above: what is being read stays where it is.
  useLayoutEffect(() => {
    const node = scroller.current;
    if (node && fromEnd.current !== undefined) node.scrollTop = node.scrollHeight - fromEnd.current;
    fromEnd.current = undefined;
  }, [blocks.value]);
  const isReady = isLoaded.value;
  useEffect(() => {
    const seq = place.peek().query.get('at');
    if (isReady && seq !== null) void goTo(Number(seq), scroller.current);
  }, [isReady, place.value]);

  const earlier = async () => {
    const node = scroller.current;
    if (node) fromEnd.current = node.scrollHeight - node.scrollTop;
    await loadEarlier().catch(toastError);
  };
  const isEmpty = isReady && rows.value.length === 0 && pending.value.length === 0;
  return (
    <section
      ref={scroller}
      class="transcript"
      aria-label={t('Messages')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: node }) => {
        isAtEnd.value = node.scrollHeight - node.scrollTop - node.clientHeight < END_PX;
      }}
    >
      <div ref={content} class="transcript-content">
        {!isReady && pending.value.length === 0 && <Skeleton lines={6} />}
        {hasEarlier.value && <EarlierButton root={scroller} onReach={earlier} />}
        {isEmpty && <Welcome />}
        <div role="log" aria-label={t('Conversation')} class="transcript-rows">
          {blocks.value.map((block, at) => (
            <RowBlock
              key={block.key}
              block={block}
              root={scroller}
              isAlwaysShown={at >= blocks.value.length - 2}
            />
          ))}
          {pending.value.map((sent) => (
            <PendingView key={sent.messageId} sent={sent} />
          ))}
        </div>
        <Working />
      </div>
      {!isAtEnd.value && (
        <div class="to-end">
          <IconButton icon={ArrowDown} variant="plain" label={t('To the end')} onClick={toEnd} />
        </div>
      )}
    </section>
  );
}

interface EarlierProps {
  readonly root: { readonly current: HTMLElement | null };
  onReach(): Promise<void>;
}

/** Loads what was said before, when it comes into view or is pressed. */
function EarlierButton({ root, onReach }: EarlierProps) {
  const ref = useRef<HTMLDivElement>(null);
  const isBusy = useSignal(false);
  const reach = async () => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    await onReach();
    isBusy.value = false;
  };
  useEffect(() => {
    const node = ref.current;
    if (!node) return;
    const options = { root: root.current, rootMargin: '200px 0px 0px' };
    const observer = new IntersectionObserver(([entry]) => {
      // Not while the end is still being scrolled to.
      if (entry?.isIntersecting && (root.current?.scrollTop ?? 0) > 0) void reach();
    }, options);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={ref} class="earlier">
      <Button variant="ghost" busy={isBusy.value} onClick={() => void reach()}>
        {t('Earlier messages')}
      </Button>
    </div>
  );
}

/** Scrolls to what was found, loading what is needed to show it. */
async function goTo(seq: number, scroller: HTMLElement | null): Promise<void> {
  while (hasEarlier.peek() && (rows.peek()[0]?.seq ?? 0) > seq) {
    const known = rows.peek().length;
    await loadEarlier();
    if (rows.peek().length === known) break;
  }
  const row = rows.peek().findLast((one) => one.seq <= seq);
  if (!row) return;
  const find = () => scroller?.querySelector(`[data-row="${CSS.escape(row.id)}"]`);
  const block = scroller?.querySelector(`[data-block="${keyOf(row)}"]`);
  block?.scrollIntoView({ block: 'center' });
  await new Promise((resolve) => setTimeout(resolve, 120));
  const node = find();
  node?.scrollIntoView({ block: 'center' });
  node?.classList.add('found');
}
