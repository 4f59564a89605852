import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { type Memory, normalisePath, useStatements } from '../../memory/index.ts';
import { defineTool } from '../define-tool.ts';
import type { AskMemory, FindTalk } from '../memory-services.ts';
import type { Tool } from '../tool.ts';
import { type Found, inDocument, inTalk, listed } from './memory-found.ts';
import { answerFrom } from './memory-reasoning.ts';

const schema = z.object({
  query: z.string().min(1).describe('words; "phrase", -not'),
  limit: z.int().min(1).max(20).default(5),
  folder: z.string().optional(),
  recency: z.int().optional().describe('days after which it counts half'),
  reasoning: z.boolean().optional().describe('answer the query from what is found'),
});

type Arguments = z.output<typeof schema>;

export interface MemorySearchServices {
  readonly memory: Memory;
  readonly clock: Clock;
  /** Without it no question is answered: what was found is shown. */
  readonly askMemory?: AskMemory;
  /** Without it only documents are searched. */
  readonly findTalk?: FindTalk;
}

/** A model may take its time over an answer. */
const TIMEOUT_MS = 180_000;

export function memorySearchTool(services: MemorySearchServices): Tool {
  return defineTool({
    name: 'memory_search',
    description:
      'Search memory for earlier facts, decisions, notes and dates. Use before answering about the past.',
    schema,
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    timeoutMs: TIMEOUT_MS,
    async run(args, context) {
      const found = await find(services, args, context.conversationId);
      const { askMemory } = services;
      const shown = found.map(({ name, text }) => ({ path: name, text }));
      const uses = useStatements(shown, services.clock.now());
      if (!args.reasoning || !askMemory || found.length === 0) return { ...listed(found), writes: uses };
      const answer = await answerFrom(askMemory, { question: args.query, found }, context);
      return { ...answer, writes: [...uses, ...(answer.writes ?? [])] };
    },
  });
}

/** Fewer documents than this say little; what was said in earlier conversations may say more. */
const FEW = 3;

async function find(
  { memory, findTalk }: MemorySearchServices,
  { query, limit, folder, recency = 0 }: Arguments,
  conversationId: string,
): Promise<readonly Found[]> {
  const place = folderOf(folder);
  const hits = await memory.search(query, {
    limit,
    ...(place !== undefined && { folder: place }),
    ...(recency > 0 && { recency }),
  });
  const documents = hits.map(inDocument);
  // Who names a folder does not mean conversations.
  if (documents.length >= FEW || place !== undefined || !findTalk) return documents;
  const room = Math.max(1, limit - documents.length);
  const talk = await findTalk(query, { limit: room, notIn: conversationId });
  return [...documents, ...talk.map(inTalk)];
}

/** Undefined for all of memory, which models also call `/` or `.`. */
function folderOf(given = ''): string | undefined {
  const place = normalisePath(given);
  return place.ok ? place.value : undefined;
}
