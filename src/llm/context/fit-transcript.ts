import type { JournalRecord, Origin } from '../../core/journal.ts';
import type { ModelMessage } from '../model.ts';
import { type Detail, fullDetail, withShortOlder, withShortSpent } from '../transcript/detail.ts';
import { readHistory } from '../transcript/history.ts';
import { joinParts, type RenderedPart, renderParts } from '../transcript/render-transcript.ts';
import { chooseOldest, sizeParts } from './choose-oldest.ts';
import { aboutTokens, type CountTokens, fits, type Measured, measureMessage } from './measure.ts';
import type { PromptWindow } from './window.ts';

/** From here on results of earlier turns are shown in short: by then a good half of what was read is old. */
const SHORT_FROM_SHARE = 0.5;

export interface FitOptions {
  readonly window: PromptWindow;
  /** What else is in the request: the system prompt, the descriptions of the tools. */
  readonly fixed: readonly Measured[];
  readonly count: CountTokens;
  /** Whether `tooLong` would help: false where it was just tried. */
  readonly maySumUp: boolean;
  /** Earlier entries of the journal are out of reach. */
  readonly beginsLate: boolean;
}

export interface FittedTranscript {
  readonly messages: readonly ModelMessage[];
  /** Whose words, other than the user's, are in them or had a hand in them. */
  readonly origins: readonly Origin[];
  /** The conversation has to be summed up first; `messages` are what would be too long. */
  readonly tooLong: boolean;
}

/**
 * What the model is shown of a conversation, within its window. What is too long is shortened in this order, and no
 * further than needed: results of earlier turns; earlier turns by a summary (`tooLong` asks for one); earlier results
 * of this turn; last, whole turns are left out, the oldest first. The latest turn always stays.
 *
 * Cost: linear in the records. Tokens are counted only where the sizes of the texts do not tell.
 */
export async function fitTranscript(
  records: readonly JournalRecord[],
  options: FitOptions,
): Promise<FittedTranscript> {
  const { window, fixed, count, maySumUp } = options;
  const full = fullDetail(window.tokens);
  const { detail, parts } = renderedFor(records, full, options);
  const hasRoom = (candidates: readonly RenderedPart[]): Promise<boolean> =>
    fits([...fixed, ...measured(candidates)], window.usable, count);
  if (await hasRoom(parts)) {
    const tooMany = maySumUp && turnRecords(records) > MOST_RECORDS && (await canSumUp(parts, options));
    return { ...whole(parts, options), tooLong: tooMany };
  }
  if (maySumUp && (await canSumUp(parts, options))) return { ...joinParts(parts), tooLong: true };
  const short = renderParts(records, withShortSpent(detail));
  return {
    ...((await hasRoom(short)) ? whole(short, options) : await newest(short, options)),
    tooLong: false,
  };
}

/** More turns than a session can hold in memory: they are summed up before the oldest would be lost from sight. */
const MOST_RECORDS = 1_400;

/** Records of turns that stand there whole. */
function turnRecords(records: readonly JournalRecord[]): number {
  if (records.length <= MOST_RECORDS) return 0;
  const shown = new Set(readHistory(records).flatMap((part) => (part.type === 'turn' ? [part.turnId] : [])));
  return records.filter((record) => 'turnId' in record && shown.has(record.turnId)).length;
}

function renderedFor(
  records: readonly JournalRecord[],
  full: Detail,
  { window, fixed }: FitOptions,
): { readonly detail: Detail; readonly parts: readonly RenderedPart[] } {
  const parts = renderParts(records, full);
  const tokens = aboutTokens([...fixed, ...measured(parts)]);
  if (tokens <= window.tokens * SHORT_FROM_SHARE) return { detail: full, parts };
  const detail = withShortOlder(full);
  return { detail, parts: renderParts(records, detail) };
}

const measured = (parts: readonly RenderedPart[]): readonly Measured[] =>
  parts.flatMap(({ messages }) => messages.map(measureMessage));

/** Tokens that messages may have. */
export function roomOf({ window, fixed }: Pick<FitOptions, 'window' | 'fixed'>): number {
  return Math.max(1, window.usable - aboutTokens(fixed));
}

async function canSumUp(parts: readonly RenderedPart[], options: FitOptions): Promise<boolean> {
  return chooseOldest(await sizeParts(parts, options.count), roomOf(options)).length > 0;
}

function whole(
  parts: readonly RenderedPart[],
  { beginsLate }: FitOptions,
): Omit<FittedTranscript, 'tooLong'> {
  return beginsLate && parts[0]?.part.type !== 'summary' ? withGap(parts) : joinParts(parts);
}

/** As many of the newest parts as fit, and the latest in any case. */
async function newest(
  parts: readonly RenderedPart[],
  options: FitOptions,
): Promise<Omit<FittedTranscript, 'tooLong'>> {
  const room = roomOf(options);
  const sizes = await sizeParts(parts, options.count);
  let first = sizes.length - 1;
  let tokens = sizes[first]?.tokens ?? 0;
  for (; first > 0; first--) {
    tokens += sizes[first - 1]?.tokens ?? 0;
    if (tokens > room) break;
  }
  const left = parts.slice(Math.max(0, first));
  return left.length === parts.length ? whole(parts, options) : withGap(left);
}

function withGap(parts: readonly RenderedPart[]): Omit<FittedTranscript, 'tooLong'> {
  const { messages, origins } = joinParts(parts);
  return { messages: [{ role: 'user', text: GAP }, ...messages], origins };
}

const GAP =
  '[Ironbark, not the user: earlier exchanges of this conversation are left out here, because they would not fit.]';
