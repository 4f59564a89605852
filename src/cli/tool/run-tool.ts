import { readFile } from 'node:fs/promises';
import {
  type CallOutcome,
  CHANNEL_ENTRIES,
  type ChannelEntry,
  grant,
  type SandboxedTool,
} from '../../../sandbox/index.ts';
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
import { type ChannelAct, trialChannelHost } from './trial-channel.ts';
import { openWorkbench } from './workbench.ts';

export interface RunFlags {
  readonly params?: string;
  readonly context?: string;
  readonly call?: string;
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
  const wanted = parseCallback(flags.call);
  const requests: OutgoingRequest[] = [];
  const acts: ChannelAct[] = [];
  const onAct = (act: ChannelAct): void => {
    acts.push(act);
    say(`${act.what} ${jsonOf(act.value)}`);
  };
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
      channelHost: trialChannelHost(onAct),
      onDefect: (thrown) => print(stderr, coerceError(thrown).stack ?? String(thrown)),
    }),
  );
  const source = await readToolSource(what, bench, {
    toolsDir: home.toolsDir,
    manifest: flags.capabilities,
  });
  const read = await bench.load(source, 'tool or channel');
  if (!read.ok)
    throw new IronbarkError('check-failed', `${what}: ${read.error.message} (${read.error.rule})`);
  for (const note of read.value.notes) print(stderr, `note: ${note}`);
  // Who names the capabilities file on the command line approves it for this call.
  const items = requestedItems(read.value.manifest.capabilities).map(({ id }) => id);
  const tool = grant(read.value, new Set(items));
  const callback = wanted ?? (tool.artefact.world === 'channel@0.3.1' ? 'on-start' : undefined);
  const request = { tool, params, context, caller: callerOf('run') };
  const outcome = await bench.run(callback ? { ...request, callback } : request);
  report(outcome, { requests, acts }, recorded, tool, settings, terminal);
  return outcome.end.kind === 'returned' ? 0 : EXIT_CODES['check-failed'];
}

function parseCallback(name: string | undefined): ChannelEntry | undefined {
  if (name === undefined) return undefined;
  const known = CHANNEL_ENTRIES.find((entry) => entry === name);
  if (known) return known;
  throw new IronbarkError(
    'usage',
    `A channel has no callback "${name}".`,
    `There are: ${CHANNEL_ENTRIES.join(', ')}.`,
  );
}

/** JSON that also takes what guests give: bytes, as their number, and large numbers. */
const jsonOf = (value: unknown, indent?: number): string =>
  JSON.stringify(
    value,
    (_, inner: unknown) => {
      if (inner instanceof Uint8Array) return `${inner.length} bytes`;
      return typeof inner === 'bigint' ? Number(inner) : inner;
    },
    indent,
  ) ?? '';

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
  { requests, acts }: { readonly requests: readonly OutgoingRequest[]; readonly acts: readonly ChannelAct[] },
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
      acts,
      logs,
      warnings,
    };
    print(stdout, jsonOf({ ...value, audit: outcome.audit, fuelUsed, memoryBytes }, 2));
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
