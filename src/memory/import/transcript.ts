import { createHash } from 'node:crypto';
import type { ImportedDocument } from './import-item.ts';
import { splitText } from './split-text.ts';

/** A conversation with another assistant. */
export interface Transcript {
  readonly id: string;
  readonly title: string;
  readonly at: Date | undefined;
  readonly turns: readonly Turn[];
}

export interface Turn {
  readonly by: 'user' | 'assistant';
  readonly text: string;
}

export interface Service {
  /** As its folder is named. */
  readonly key: string;
  readonly title: string;
}

/** Of one part of a transcript, in bytes: what a model can be shown at once. */
const MAX_PART_BYTES = 32 * 1024;

const MAX_TITLE = 200;
const MAX_SLUG = 60;

/**
 * A transcript as documents. A conversation that has grown since brings the same first parts again, because parts
 * are filled one after the other; its path stays while its title does.
 */
export function documentsOf(
  transcript: Transcript,
  { key, title: service }: Service,
  origin: string,
): readonly ImportedDocument[] {
  const day = transcript.at?.toISOString().slice(0, 10);
  const title = transcript.title.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE).toWellFormed() || 'Untitled';
  const name = [day, slugOf(title), fingerprint(transcript.id)].filter(Boolean).join('-');
  const folder = `imported/${key}/${day?.slice(0, 7) ?? 'undated'}`;
  return partsOf(transcript.turns).map((text, index) => {
    const part = index === 0 ? '' : ` (part ${index + 1})`;
    const when = day === undefined ? '' : `, ${day}`;
    return {
      type: 'document',
      path: `${folder}/${name}${index === 0 ? '' : `-${index + 1}`}.md`,
      text: `# ${title}${part}\n\nA conversation with ${service}${when}.\n\n${text}\n`,
      origins: [origin],
    };
  });
}

function partsOf(turns: readonly Turn[]): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const piece of turns.flatMap(piecesOf)) {
    const longer = part === '' ? piece : `${part}\n\n${piece}`;
    if (part !== '' && Buffer.byteLength(longer) > MAX_PART_BYTES) {
      parts.push(part);
      part = piece;
    } else part = longer;
  }
  return part === '' ? parts : [...parts, part];
}

const piecesOf = ({ by, text }: Turn): readonly string[] =>
  splitText(text.trim(), MAX_PART_BYTES).map(
    (piece) => `## ${by === 'user' ? 'User' : 'Assistant'}\n\n${piece}`,
  );

/** Letters and digits of any script, in words. */
function slugOf(title: string): string {
  const words =
    title
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return words
    .join('-')
    .slice(0, MAX_SLUG)
    .toWellFormed()
    .replace(/[-\ufffd]+$/, '');
}

/** Tells conversations of the same day and title apart, whatever their ids look like. */
const fingerprint = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 8);
