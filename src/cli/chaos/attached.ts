import type { ConversationSummary } from '../../core/assistant.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import type { JournalEntry } from '../../core/journal.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import { auditJournal } from './audit.ts';
import { type Course, type Plan, runCampaign } from './campaign.ts';
import type { Fault, Inflicted, Subject, Time } from './fault.ts';

/** What is needed of a connection to the assistant that is to suffer. */
export type FaultClient = Pick<
  GatewayClient,
  'tree' | 'crash' | 'hang' | 'delay' | 'conversations' | 'history'
>;

/** A campaign against a running assistant, with what its journals look like afterwards. */
export interface AttachedCourse extends Course {
  readonly journals: JournalCheck;
}

/** Conversations that changed during the run; their journals were read from the beginning. */
export interface JournalCheck {
  readonly conversations: number;
  readonly entries: number;
}

/** A look goes through the gateway, which has other work to do. */
const LOOK_EVERY_MS = 20;
/** Longer than a gateway takes to come back with everything that it stands on. */
const ANSWER_LIMIT_MS = 15_000;
const PAGE = 200;

/** Throws an IronbarkError where the assistant takes no faults. */
export async function runAttached(
  plan: Plan,
  client: FaultClient,
  time: Time,
  signal?: AbortSignal,
): Promise<AttachedCourse> {
  await requireFaults(client);
  const before = await client.conversations();
  const options = { subject: subjectOf(client), time, lookEveryMs: LOOK_EVERY_MS };
  const course = await runCampaign(plan, signal ? { ...options, signal } : options);
  const { journals, problems } = await checkJournals(client, before).catch(unread);
  return { ...course, journals, problems: [...course.problems, ...problems] };
}

/** Asks for something that cannot be, so that nothing happens where it is allowed. */
async function requireFaults(client: FaultClient): Promise<void> {
  if ((await answerTo(client.crash('nowhere'))) === 'forbidden') {
    throw new IronbarkError(
      'config',
      'The running assistant takes no faults.',
      'Start it with: ironbark serve --profile chaos, or set allow_faults = true under [gateway] in its config.toml; ' +
        'or hurt one that is started for it: ironbark chaos --scripted',
    );
  }
}

function subjectOf(client: FaultClient): Subject {
  return {
    tree: () => answered(client.tree()),
    async inflict(path, fault): Promise<Inflicted> {
      const code = await answerTo(answered(suffer(client, path, fault)));
      if (code === undefined) return 'done';
      return code === 'not-found' ? 'refused' : 'unknown';
    },
  };
}

function suffer(client: FaultClient, path: string, fault: Fault): Promise<void> {
  if (fault.kind === 'delay') return client.delay(path, fault.milliseconds);
  return client[fault.kind](path);
}

/** The code that the gateway refused with, or undefined. The connection may end with what was asked for. */
async function answerTo(asked: Promise<void>): Promise<'not-found' | 'forbidden' | 'closed' | undefined> {
  try {
    await asked;
    return undefined;
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'not-found' || code === 'forbidden' || code === 'closed') return code;
    throw thrown;
  }
}

/** The client itself waits for as long as it takes: it cannot know that the assistant will not come back. */
async function answered<T>(request: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const limit = () => reject(new Error(`the gateway gave no answer for ${ANSWER_LIMIT_MS / 1000} s`));
  const timer = setTimeout(limit, ANSWER_LIMIT_MS);
  try {
    return await Promise.race([request, promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface Checked {
  readonly journals: JournalCheck;
  readonly problems: readonly string[];
}

async function checkJournals(client: FaultClient, before: readonly ConversationSummary[]): Promise<Checked> {
  const cursors = new Map(before.map(({ conversationId, cursor }) => [conversationId, cursor]));
  const changed = (await answered(client.conversations())).filter(
    ({ conversationId, cursor }) => cursors.get(conversationId) !== cursor,
  );
  const problems: string[] = [];
  let count = 0;
  for (const { conversationId } of changed) {
    const entries = await readJournal(client, conversationId);
    count += entries.length;
    problems.push(...auditJournal(conversationId, entries));
  }
  return { journals: { conversations: changed.length, entries: count }, problems };
}

function unread(thrown: unknown): Checked {
  const problem = `The journals could not be read afterwards: ${coerceError(thrown).message}`;
  return { journals: { conversations: 0, entries: 0 }, problems: [problem] };
}

/** From the beginning; the gateway hands it out from the end. */
async function readJournal(client: FaultClient, conversationId: string): Promise<readonly JournalEntry[]> {
  const pages: (readonly JournalEntry[])[] = [];
  for (let before: number | undefined, more = true; more; ) {
    const where = { limit: PAGE, ...(before !== undefined && { before }) };
    const page = await answered(client.history(conversationId, where));
    pages.unshift(page.entries);
    before = page.entries[0]?.seq;
    more = page.hasMore && before !== undefined;
  }
  return pages.flat();
}
