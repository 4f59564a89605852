import type { JournalEntry, JournalRecord, RecalledPassage } from '../src/core/journal.ts';
import { recall } from '../src/memory/index.ts';
import type { Environment } from './environment.ts';
import { readIdentity } from './identity.ts';

type Recalling = Pick<Environment, 'memory' | 'clock' | 'log'>;
type RecalledRecord = Extract<JournalRecord, { type: 'memory.recalled' }>;

/**
 * What memory has to say to the message that a turn began with, for the model's first call. Undefined where nothing is
 * asked for or fits, where the turn has its record already, and where it is not the user who asks: neither a stranger
 * nor another agent is handed what the user keeps. Memory is a help and no condition: where it fails, that is logged.
 *
 * @param entries of the conversation; the turn's must be among them
 */
export async function recalled(
  env: Recalling,
  { entries, turnId }: { readonly entries: readonly JournalEntry[]; readonly turnId: string },
): Promise<RecalledRecord | undefined> {
  const turn = entries.slice(entries.findLastIndex((entry) => beginsTurn(entry, turnId)));
  const began = turn[0];
  if (began?.type !== 'turn.began' || began.turnId !== turnId || began.agent) return undefined;
  if (turn.some(({ type }) => type === 'memory.recalled' || type === 'model.completed')) return undefined;
  const said = began.messages.filter(({ origin }) => origin === undefined).map(({ text }) => text);
  const routed = turn.findLast((entry) => entry.type === 'turn.routed');
  try {
    return await recordOf(env, turnId, { text: said.join('\n'), route: routed?.route ?? began.route });
  } catch (error) {
    env.log.warn({ turnId, err: error }, 'memory could not be searched');
    return undefined;
  }
}

const beginsTurn = (entry: JournalEntry, turnId: string): boolean =>
  entry.type === 'turn.began' && entry.turnId === turnId;

type Said = Pick<Parameters<typeof recall>[1], 'text' | 'route'>;

async function recordOf(env: Recalling, turnId: string, said: Said): Promise<RecalledRecord | undefined> {
  const found = await recall(env.memory, { ...said, now: env.clock.now() });
  if (!found) return undefined;
  const passages = await notInPrompt(env, found.passages);
  if (passages.length === 0) return undefined;
  const { origins } = found;
  return { type: 'memory.recalled', turnId, passages, ...(origins.length > 0 && { origins }) };
}

/** The beginning of MEMORY.md is in every prompt; what stands there is not told twice. */
async function notInPrompt(
  env: Recalling,
  passages: readonly RecalledPassage[],
): Promise<readonly RecalledPassage[]> {
  if (!passages.some(isFromFacts)) return passages;
  const shown = plain(await readIdentity(env));
  return passages.filter((passage) => !isFromFacts(passage) || !isWithin(passage, shown));
}

const isFromFacts = ({ path }: RecalledPassage): boolean => path.toLowerCase() === 'memory.md';

/** A passage is a whole document or pieces of one, with dots between them. */
const isWithin = ({ text }: RecalledPassage, shown: string): boolean =>
  text.split(' … ').every((piece) => shown.includes(plain(piece)));

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
