import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { coerceError } from '../../core/errors.ts';
import type { JobBrief } from '../../core/orchestrator.ts';
import { createOrchestratorClient, type OrchestratorClient } from '../../orchestrator/index.ts';
import type { BridgeProgram, ProgramEnd, ProgramSetting } from './bridge-program.ts';
import { type BridgeMemo, openMemo } from './memo.ts';
import { createPromptInbox, type PromptInbox } from './prompt-inbox.ts';
import { createReporter, type Reporter } from './reporter.ts';

export interface BridgeOptions {
  readonly jobId: string;
  readonly token: string;
  readonly socketPath: string;
  /** A folder that outlives the container. */
  readonly state: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  open(setting: ProgramSetting, brief: JobBrief): BridgeProgram;
  /** How often it is asked whether something was said to the job. */
  readonly promptsEveryMs?: number;
}

/** Five polls that nobody answered in this time are a quarter of an hour; the assistant may be restarted meanwhile. */
const POLL_PATIENCE_MS = 180_000;

/**
 * Lets a foreign program work on a job inside its container, and tells outside what it does. What is said to the job
 * meanwhile is said to the program when it has come to an end with the rest. Where the container was stopped on the
 * way, the program goes on with what it had, as far as it can.
 *
 * @returns the exit code: 0 where the end was told, 1 where it was stopped before
 */
export async function runBridge(options: BridgeOptions, over: AbortSignal): Promise<number> {
  const { jobId, token, socketPath, state, promptsEveryMs } = options;
  const client = createOrchestratorClient({ socketPath, jobId, token, signal: over });
  const brief = await client.brief();
  const memo = openMemo(state);
  const program = options.open(await settingOf(options, client), brief);
  const inbox = createPromptInbox({
    client: createOrchestratorClient({
      socketPath,
      jobId,
      token,
      signal: over,
      patienceMs: POLL_PATIENCE_MS,
    }),
    after: memo.lastPrompt,
    ...(promptsEveryMs !== undefined && { everyMs: promptsEveryMs }),
  });
  const signal = AbortSignal.any([over, inbox.lost]);
  try {
    const reporter = createReporter(client, brief.lastEvent);
    const end = await converse({ program, brief, inbox, memo, reporter }, signal);
    if (signal.aborted) return 1;
    await reporter.told();
    await client.end({ ...end, origins: [`the program ${program.name}`] });
    return 0;
  } finally {
    inbox.close();
    await program.close();
  }
}

async function settingOf(options: BridgeOptions, client: OrchestratorClient): Promise<ProgramSetting> {
  const { env, state, workspace } = options;
  const home = join(state, 'home');
  mkdirSync(home, { recursive: true });
  const granted = await client.credentials();
  return {
    workspace,
    home,
    env: {
      ...Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
      HOME: home,
      ...Object.fromEntries(granted.map(({ variable, value }) => [variable, value])),
    },
  };
}

/** Of the container's environment. The token of the job is not a foreign program's business. */
const PASSED_ON = [
  'PATH',
  'LANG',
  'TZ',
  'TMPDIR',
  'http_proxy',
  'https_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
  'NODE_USE_ENV_PROXY',
];

interface Conversation {
  readonly program: BridgeProgram;
  readonly brief: JobBrief;
  readonly inbox: PromptInbox;
  readonly memo: BridgeMemo;
  readonly reporter: Reporter;
}

const GO_ON = 'You were interrupted. Look at what you have done so far, and go on with the job.';

async function converse(conversation: Conversation, signal: AbortSignal): Promise<ProgramEnd> {
  const { program, brief, inbox, memo, reporter } = conversation;
  let session = brief.session;
  const tell = {
    ...reporter,
    session(id: string): void {
      if (id !== session) reporter.session(id);
      session = id;
    },
  };
  let words = session === null ? `${brief.title}\n\n${brief.description}` : GO_ON;
  for (;;) {
    reporter.event('status', { message: `${program.name} is at work.` });
    const end = await program.turn(words, session, tell, signal);
    reporter.event('result', { status: end.outcome, content: end.text });
    // What it did is on record before it is told what is next.
    const heard = await reporter.told().catch((thrown: unknown) => coerceError(thrown));
    if (heard) return { outcome: 'failed', text: heard.message };
    if (signal.aborted || end.outcome === 'failed') return end;
    const prompt = await inbox.take();
    if (!prompt) return end;
    memo.passedOn(prompt.seq);
    if (prompt.content === '') return end;
    reporter.event('message', { role: 'user', content: prompt.content });
    words = prompt.content;
  }
}
