import type { Origin } from '../../core/journal.ts';
import type { MemoryPassage, MemoryProvenance, MemorySource } from '../../core/memory.ts';
import type { Queryable } from '../../storage/index.ts';

/**
 * Where each passage of a document comes from, in the order of the document; empty where there is no such document.
 *
 * Cost: two queries, the second over the lines of the document.
 */
export async function explain(database: Queryable, path: string): Promise<readonly MemoryPassage[]> {
  const { rows: lines } = await database.query<LineRow>(LINES, [path]);
  const { rows: sources } = await database.query<SourceRow>(SOURCES, [path]);
  const known = new Map(sources.map((row) => [row.key, toSource(row)]));
  const passages: (MemoryPassage & { readonly keys: string })[] = [];
  for (const { place, line, keys } of lines) {
    const last = passages.at(-1);
    if (last?.keys === keys.join()) {
      const gap = '\n'.repeat(place - last.lastLine);
      passages[passages.length - 1] = { ...last, lastLine: place, text: last.text + gap + line };
    } else {
      const own = keys.flatMap((key) => known.get(key) ?? []);
      passages.push({ firstLine: place, lastLine: place, text: line, sources: own, keys: keys.join() });
    }
  }
  return passages.map(({ keys: _, ...passage }) => passage);
}

interface LineRow extends Record<string, unknown> {
  readonly place: number;
  readonly line: string;
  readonly keys: readonly string[];
}

const LINES = `
  select l.place, l.line,
         array(select case when p.mixed then '+' else '=' end || p.source_id
                 from memory_passage p where p.path = d.path and p.hash = l.hash order by p.source_id) as keys
    from memory_document d, memory_lines(d.content) l where d.path = $1 order by l.place`;

interface SourceRow extends Record<string, unknown> {
  readonly key: string;
  readonly mixed: boolean;
  readonly writer: MemorySource['by'] | null;
  readonly conversation_id: string | null;
  readonly turn_id: string | null;
  readonly name: string | null;
  readonly at: Date;
  readonly origins: readonly Origin[];
  readonly title: string | null;
}

const SOURCES = `
  select distinct case when p.mixed then '+' else '=' end || s.id as key, p.mixed, s.writer, s.conversation_id, s.turn_id,
         s.name, s.at, s.origins, c.title
    from memory_passage p join memory_source s on s.id = p.source_id left join conversation c on c.id = s.conversation_id
   where p.path = $1 and p.gone is null`;

function toSource(row: SourceRow): MemoryProvenance {
  const { writer, conversation_id: conversationId, turn_id: turnId, name, origins, mixed } = row;
  return {
    ...(writer !== null && { by: writer }),
    ...(conversationId !== null && { conversationId }),
    ...(turnId !== null && { turnId }),
    ...(name !== null && { name }),
    at: row.at.toISOString(),
    origins,
    mixed,
    says: sentenceOf(row),
  };
}

function sentenceOf({ writer, name, at, conversation_id: id, title, origins, mixed }: SourceRow): string {
  const day = at.toISOString().slice(0, 16).replace('T', ' ');
  const talk = id === null ? '' : ` in the conversation ${title === null ? id : `“${title}” (${id})`}`;
  const where = name === null ? talk : ` ${name}`;
  const influence = origins.length === 0 ? '' : `, after ${origins.join(', ')}`;
  const whole = mixed ? ', together with others' : '';
  return `${WROTE[writer ?? 'unknown']}${where} at ${day} UTC${influence}${whole}.`;
}

const WROTE: Readonly<Record<MemorySource['by'] | 'unknown', string>> = {
  user: 'Written by the user',
  assistant: 'Written by the assistant',
  distiller: 'Distilled from what was said',
  consolidator: 'Put together while tidying up',
  import: 'Imported as',
  unknown: 'Written by nobody knows whom',
};
