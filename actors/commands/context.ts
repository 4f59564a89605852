import {
  latestCompaction,
  type ModelMessage,
  measureText,
  measureTools,
  promptWindow,
  tokensAbout,
} from '../../src/llm/index.ts';
import { offeredTools } from '../../src/tools/index.ts';
import { readIdentity } from '../identity.ts';
import { modelRequest } from '../model-request.ts';
import type { CommandCall, SlashCommand } from './slash-command.ts';

export const context: SlashCommand = {
  name: 'context',
  group: 'this conversation',
  about: 'what I read with each call, and how much of it fits',
  async run(call) {
    const { env, entries } = call;
    const shares = await sharesOf(call);
    const together = shares.reduce((sum, { tokens }) => sum + tokens, 0);
    const { tokens: room, usable } = promptWindow(env.models.current());
    const rows = [...shares.filter(({ tokens }) => tokens > 0), { what: 'together', tokens: together }];
    const percent = together === 0 ? 0 : Math.max(1, Math.round((100 * together) / room));
    return {
      text: [
        `\`\`\`\n${table(rows)}\n\`\`\``,
        `About ${percent} % of the ${grouped(room)} tokens that ${env.models.name()} can read; from ${grouped(usable)} on I sum up what came earlier. /compact does it now.`,
        counted(entries),
      ].join('\n'),
    };
  },
};

interface Share {
  readonly what: string;
  readonly tokens: number;
}

/**
 * By their size alone, four bytes a token: counting would start a thread of 90 MB for a figure that each provider puts
 * differently anyway.
 */
async function sharesOf({ env, entries }: CommandCall): Promise<readonly Share[]> {
  const tools = offeredTools({ registry: env.tools, entries });
  const { system, messages } = await modelRequest({ env }, { entries, tools });
  const documents = bytesOf(await readIdentity(env));
  const summary = bytesOf(latestCompaction(entries)?.summary ?? '');
  const said = bytesBy(messages, 'user');
  return [
    { what: 'instructions', tokens: tokensAbout(Math.max(0, bytesOf(system) - documents)) },
    { what: 'documents of memory', tokens: tokensAbout(documents) },
    { what: `descriptions of ${tools.length} tools`, tokens: tokensAbout(measureTools(tools).bytes) },
    { what: 'summary of what came earlier', tokens: tokensAbout(Math.min(summary, said)) },
    { what: 'what you said, and what came up', tokens: tokensAbout(Math.max(0, said - summary)) },
    { what: 'what I said and called', tokens: tokensAbout(bytesBy(messages, 'assistant')) },
    { what: 'what tools answered', tokens: tokensAbout(bytesBy(messages, 'tool')) },
  ];
}

const bytesOf = (text: string): number => measureText(text).bytes;

function bytesBy(messages: readonly ModelMessage[], role: ModelMessage['role']): number {
  return messages
    .filter((message) => message.role === role)
    .reduce((sum, message) => sum + bytesOf(wordsOf(message)), 0);
}

function wordsOf(message: ModelMessage): string {
  if (message.role === 'tool') return message.content;
  if (message.role === 'user' || message.toolCalls.length === 0) return message.text;
  return message.text + JSON.stringify(message.toolCalls);
}

/** What the provider itself said to the last call, which is what is paid for. */
function counted(entries: CommandCall['entries']): string {
  const last = entries.findLast((entry) => entry.type === 'model.completed');
  return last && last.usage.inputTokens > 0
    ? `${last.model} counted ${grouped(last.usage.inputTokens)} with the last call.`
    : 'The figures are estimates.';
}

function table(rows: readonly Share[]): string {
  const figures = rows.map(({ tokens }) => grouped(tokens));
  const [names, width] = [Math.max(...rows.map(({ what }) => what.length)), widest(figures)];
  return rows.map(({ what }, at) => `${what.padEnd(names)}  ${figures[at]?.padStart(width)}`).join('\n');
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
const grouped = (count: number): string => count.toLocaleString('en');
