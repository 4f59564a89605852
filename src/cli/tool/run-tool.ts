import { readFile } from 'node:fs/promises';
import { type CallOutcome, grant, type SandboxedTool } from '../../../sandbox/index.ts';
import { coerceError, EXIT_CODES, IronbarkError } from '../../core/errors.ts';
import { requestedItems } from '../../extensions/index.ts';
import { parseExchanges } from '../../llm/index.ts';
import type { IncomingResponse, OutgoingRequest } from '../../network/index.ts';
import { openHome } from '../../storage/index.ts';
import { type Context, print, type Settings } from '../context.ts';
import { type RecordedNetwork, recordedNetwork } from '../recorded-network.ts';
import { callerOf, parseContext, parseParams } from './call-input.ts';
import { dryRunServices } from './dry-run.ts';
import { requestText } from './request-text.ts';
import { readToolSource } from './tool-source.ts';
import { openWorkbench } from './workbench.ts';

export interface RunFlags {
  readonly params?: string;
  readonly context?: string;
  readonly capabilities?: string;
  readonly http?: string;
  readonly withoutSecret?: readonly string[];
  readonly workspace?: string;
}

/**
 * Makes one call of a tool through the whole sandbox. With recorded exchanges nothing leaves the machine, and secrets
 * are stand-ins.
 *
 * @returns the exit code: 0 where the tool returned, 10 where it was refused or failed
 */
export async function runTool(
  what: string,
  flags: RunFlags,
  settings: Settings,
  { terminal }: Context,
): Promise<number> {
  const { stdout, stderr, env } = terminal;
  const say = (text: string): void => {
    if (!settings.json) print(stdout, text);
  };
  const home = openHome(settings.home);
  const params = parseParams(flags.params ?? '{}');
  const context = parseContext(flags.context);
  const requests: OutgoingRequest[] = [];
  const recorded = await openRecording(flags.http, ({ status, body }) => {
    say(`← ${status} (${body.length.toLocaleString('en-GB')} bytes)`);
  });
  const onRequest = (request: OutgoingRequest): void => {
    requests.push(request);
    say(requestText(request));
  };
  await using bench = await openWorkbench(home.cacheDir, (pool) =>
    dryRunServices(pool, {
      recorded,
      env,
      workspace: flags.workspace,
      without: flags.withoutSecret ?? [],
      onRequest,
      onDefect: (thrown) => print(stderr, coerceError(thrown).stack ?? String(thrown)),
    }),
  );
  const source = await readToolSource(what, bench, {
    toolsDir: home.toolsDir,
    manifest: flags.capabilities,
  });
  const read = await bench.load(source);
  if (!read.ok)
    throw new IronbarkError('check-failed', `${what}: ${read.error.message}`, `Rule: ${read.error.rule}`);
  for (const note of read.value.notes) print(stderr, `note: ${note}`);
  // Who names the capabilities file on the command line approves it for this call.
  const items = requestedItems(read.value.manifest.capabilities).map(({ id }) => id);
  const tool = grant(read.value, new Set(items));
  const outcome = await bench.run({ tool, params, context, caller: callerOf('run') });
  report(outcome, requests, recorded, tool, settings, terminal);
  return outcome.end.kind === 'returned' ? 0 : EXIT_CODES['check-failed'];
}

async function openRecording(
  file: string | undefined,
  onResponse: (response: IncomingResponse) => void,
): Promise<RecordedNetwork | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw new IronbarkError('usage', `${file} cannot be read: ${coerceError(thrown).message}`);
  });
  const exchanges = parseExchanges(text);
  if (!exchanges.ok) throw new IronbarkError('usage', `${file}: ${exchanges.error}`);
  return recordedNetwork(exchanges.value, onResponse);
}

function report(
  outcome: CallOutcome,
  requests: readonly OutgoingRequest[],
  recorded: RecordedNetwork | undefined,
  tool: SandboxedTool,
  { json }: Settings,
  { stdout, stderr }: Context['terminal'],
): void {
  const { end, content, logs, fuelUsed, memoryBytes } = outcome;
  const warnings = warningsOf(recorded);
  const refusal = end.kind === 'refused' ? end.refusal : end.kind === 'failed' ? end.failure : undefined;
  if (json) {
    const shown = requests.map((request) => ({ ...request, body: bodyText(request) }));
    const value = {
      tool: tool.name,
      outcome: end.kind,
      content,
      ...refusal,
      requests: shown,
      logs,
      warnings,
    };
    print(stdout, JSON.stringify({ ...value, audit: outcome.audit, fuelUsed, memoryBytes }, undefined, 2));
    return;
  }
  for (const { level, message } of logs) print(stdout, `log ${level}: ${message}`);
  print(stdout, refusal ? `${end.kind} (${refusal.rule}): ${refusal.message}` : `${end.kind}:\n${content}`);
  print(
    stderr,
    `fuel ${fuelUsed.toLocaleString('en-GB')} · memory ${(memoryBytes / 2 ** 20).toFixed(1)} MiB`,
  );
  for (const warning of warnings) print(stderr, `warning: ${warning}`);
}

function warningsOf(recorded: RecordedNetwork | undefined): readonly string[] {
  if (!recorded) return [];
  const left = recorded.remaining();
  return [...recorded.warnings(), ...(left > 0 ? [`${left} recorded exchanges were not asked for`] : [])];
}

const bodyText = ({ body }: OutgoingRequest): string | null =>
  body === undefined ? null : new TextDecoder().decode(body);
