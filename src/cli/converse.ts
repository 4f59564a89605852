import { join, resolve } from 'node:path';
import { homeFolder } from '../config/home.ts';
import type { Environment } from '../config/index.ts';
import { ulids } from '../core/ids.ts';
import { runRepl } from '../repl/index.ts';
import { type Context, print, type Settings } from './context.ts';
import { editOutside } from './external-editor.ts';
import { type Reached, reachOrStart } from './reach.ts';
import { readConfig } from './settings.ts';
import { stopRequested } from './stop-request.ts';

/** A conversation in this terminal, until the user leaves, a signal comes, or the assistant started here ends. */
export async function converse(
  conversationId: string | undefined,
  settings: Settings,
  context: Context,
): Promise<number> {
  const stop = stopRequested(context);
  // Not to be restarted: a replacement could not go on in this terminal.
  const reached = await reachOrStart(settings, context, 'report');
  try {
    await welcome(reached, context);
    const failure = await Promise.race([
      talk(reached, conversationId, settings, context),
      stop.then(() => undefined),
      reached.failed,
    ]);
    if (failure) throw failure;
    return 0;
  } finally {
    await reached.release();
  }
}

async function welcome({ own, url, loginLink }: Reached, { terminal }: Context): Promise<void> {
  const how = own ? 'Started; it stops when you leave (to keep it running: ironbark serve).' : 'Attached.';
  print(terminal.stdout, `${how} Listening at ${url}`);
  if (own) print(terminal.stdout, `In a browser (works once): ${await loginLink()}`);
}

async function talk(
  reached: Reached,
  conversationId: string | undefined,
  settings: Settings,
  { terminal }: Context,
): Promise<undefined> {
  await runRepl({
    input: terminal.stdin,
    output: terminal.stdout,
    colour: settings.colour,
    connect: reached.connect,
    ...(conversationId !== undefined && { conversationId }),
    historyPath: join(settings.home, 'repl-history'),
    newConversationId: () => ulids().next(),
    loginLink: reached.loginLink,
    edit: (text) => editOutside(text, terminal.env),
    filesFolder: async () => resolve(settings.home, (await readConfig(settings, terminal)).files.root),
    resumeCommand: (id) => resumeCommand(id, settings, terminal.env),
  });
}

/** With the same home folder, where it is not the one that would be found anyway. */
function resumeCommand(id: string, { home }: Settings, env: Environment): string {
  return home === homeFolder(env) ? `ironbark -c ${id}` : `ironbark --home ${home} -c ${id}`;
}
