import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { coerceError } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';
import { isChatgpt, readChatgpt } from './chatgpt.ts';
import { isClaude, readClaude } from './claude.ts';
import { type ImportItem, trouble } from './import-item.ts';
import { jsonElements } from './json-elements.ts';
import { asObject, asText, type LooseObject } from './loose-json.ts';
import { documentsOf, type Service, type Transcript } from './transcript.ts';

export type ConversationsKind = 'chatgpt' | 'claude';

interface Format extends Service {
  readonly matches: (entry: LooseObject) => boolean;
  readonly read: (entry: LooseObject) => Result<Transcript, string>;
}

const FORMATS: Readonly<Record<ConversationsKind, Format>> = {
  chatgpt: { key: 'chatgpt', title: 'ChatGPT', matches: isChatgpt, read: readChatgpt },
  claude: { key: 'claude', title: 'Claude', matches: isClaude, read: readClaude },
};

/** Whose export a file of conversations is, as its first entries tell; undefined where they do not. */
export async function conversationsKind(file: string): Promise<ConversationsKind | undefined> {
  let looked = 0;
  for await (const element of jsonElements(chunksOf(file))) {
    const entry = element.ok ? asObject(element.value) : undefined;
    if (entry && isChatgpt(entry)) return 'chatgpt';
    if (entry && isClaude(entry)) return 'claude';
    if (++looked === 10) break;
  }
  return undefined;
}

/** Every conversation of these files, as documents. One that cannot be read does not keep the others back. */
export async function* conversationItems(
  files: readonly string[],
  kind: ConversationsKind,
  origin: string,
): AsyncGenerator<ImportItem> {
  for (const file of files) {
    const name = basename(file);
    let number = 0;
    try {
      for await (const element of jsonElements(chunksOf(file))) {
        number++;
        if (element.ok)
          yield* itemsOf(element.value, `${name}, conversation ${number}`, FORMATS[kind], origin);
        else yield trouble(`${name}, after conversation ${number - 1}`, element.error);
      }
    } catch (thrown) {
      yield trouble(name, `It cannot be read: ${coerceError(thrown).message}`);
    }
  }
}

function itemsOf(value: unknown, where: string, format: Format, origin: string): readonly ImportItem[] {
  const entry = asObject(value) ?? {};
  const transcript = format.read(entry);
  if (!transcript.ok) return [trouble(where, transcript.error)];
  if (transcript.value.turns.length === 0) return [{ type: 'ignored', what: nameOf(entry, where) }];
  return documentsOf(transcript.value, format, origin);
}

const nameOf = (entry: LooseObject, where: string): string =>
  `${where} (${asText(entry.title) || asText(entry.name) || 'untitled'}): nothing was said in it`;

const CHUNK_BYTES = 256 * 1024;

const chunksOf = (file: string): AsyncIterable<Uint8Array> =>
  createReadStream(file, { highWaterMark: CHUNK_BYTES });
