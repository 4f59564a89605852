import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { startIronbark } from '../../cli/start.ts';
import { readToken } from '../../cli/token.ts';
import { loadConfig } from '../../config/index.ts';
import type { Assistant } from '../../core/assistant.ts';
import { type ModelServer, startModelServer } from '../../llm/testing/openai-server.ts';
import { openHome } from '../../storage/index.ts';
import { defineTool, type Tool } from '../../tools/index.ts';

/** The whole program on a free port, with a model that says what it is told to. Ends with its scope. */
export interface WholeAssistant extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly assistant: Assistant;
  /** What the assistant asks. */
  readonly model: ModelServer;
  /** What `note` was called with. */
  readonly notes: readonly string[];
}

export interface WholeOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function runWhole({ settings = {}, env = {} }: WholeOptions = {}): Promise<WholeAssistant> {
  await using cleanup = new AsyncDisposableStack();
  const path = await mkdtemp(join(tmpdir(), 'ironbark-whole-'));
  cleanup.defer(() => rm(path, { recursive: true, force: true }));
  const model = await startModelServer();
  cleanup.defer(() => model.close());
  const home = openHome(path);
  const notes: string[] = [];
  const chosen = {
    'gateway.port': 0,
    'llm.provider': 'openai',
    'llm.model': 'gpt-5.4-mini',
    'llm.base_url': model.url,
    'llm.api_key': 'k',
    'secrets.keychain': false,
    'embeddings.provider': 'off',
    ...settings,
  };
  const overrides = Object.entries(chosen).map(([setting, value]) => ({ setting, value, flag: 'test' }));
  // A change of a setting reads all of it again, these too.
  const configRequest = { home: path, env: {}, overrides };
  const running = await startIronbark({
    config: loadConfig(configRequest),
    configRequest,
    home,
    version: 'test',
    log: pino({ level: 'silent' }),
    env,
    extraTools: [noteTool(notes)],
  });
  cleanup.defer(() => running.stop());
  const url = running.url();
  const owned = cleanup.move();
  return {
    url,
    port: Number(new URL(url).port),
    token: await readToken(home),
    assistant: running.assistant,
    model,
    notes,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Asks before each call. */
function noteTool(notes: string[]): Tool {
  return defineTool({
    name: 'note',
    description: 'Write a note.',
    schema: z.object({ text: z.string() }),
    effect: 'once',
    approval: 'always',
    powers: ['changes'],
    summary: ({ text }) => `Writes the note "${text}".`,
    run({ text }) {
      notes.push(text);
      return { ok: true, content: 'Written.' };
    },
  });
}
