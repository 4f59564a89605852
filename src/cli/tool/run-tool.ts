import { stat } from 'node:fs/promises';
import { CHANNEL_ENTRIES, type ChannelEntry, grant } from '../../../sandbox/index.ts';
import { EXIT_CODES, IronbarkError } from '../../core/errors.ts';
import { type RequestedItem, requestedItems } from '../../extensions/index.ts';
import { parseExchanges } from '../../llm/index.ts';
import type { IncomingResponse, OutgoingRequest } from '../../network/index.ts';
import type { Context, Settings } from '../context.ts';
import { type RecordedNetwork, recordedNetwork } from '../recorded-network.ts';
import { callerOf, parseContext, parseParams } from './call-input.ts';
import { readGivenFile } from './given-file.ts';
import { jsonText, requestText } from './request-text.ts';
import { reportRun } from './run-report.ts';
import { show } from './show.ts';
import { type Opened, openToolDesk, type ToolDesk } from './tool-desk.ts';
import { type ChannelAct, trialChannelHost } from './trial-channel.ts';

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
  context: Context,
): Promise<number> {
  const { stdout } = context.terminal;
  const say = (text: string): void => {
    if (!settings.json) show(stdout, text);
  };
  const params = parseParams(flags.params ?? '{}');
  const handed = parseContext(flags.context);
  const callback = parseCallback(flags.call);
  await checkFlags(flags);
  const requests: OutgoingRequest[] = [];
  const acts: ChannelAct[] = [];
  const recorded = await openRecording(flags.http, ({ status, body }) => {
    say(`← ${status} (${body.length.toLocaleString('en-GB')} bytes)`);
  });
  await using desk = await openToolDesk(settings, context, {
    recorded,
    workspace: flags.workspace,
    without: flags.withoutSecret ?? [],
    onRequest(request) {
      requests.push(request);
      say(requestText(request));
    },
    channelHost: trialChannelHost((act) => {
      acts.push(act);
      say(`${act.what} ${jsonText(act.value)}`);
    }),
  });
  const opened = await desk.read(what, { manifest: flags.capabilities, wanted: 'tool or channel' });
  const { approved, notes } = await approvedFor(opened, flags, desk);
  if (!settings.json) for (const note of notes) show(context.terminal.stderr, `note: ${note}`);
  const tool = grant(opened.tool, approved);
  const entry = callback ?? (tool.artefact.world === 'channel@0.3.1' ? 'on-start' : undefined);
  const request = { tool, params, context: handed, caller: callerOf('run') };
  const outcome = await desk.bench.run(entry ? { ...request, callback: entry } : request);
  const warnings = warningsOf(recorded);
  reportRun({ tool: tool.name, outcome, requests, acts, notes, warnings }, settings, context.terminal);
  return outcome.end.kind === 'returned' ? 0 : EXIT_CODES['check-failed'];
}

/**
 * Of an installed tool what the user approved, as in the assistant. Who names the capabilities file, or hands in a
 * tool that is not installed, approves for this call what stands there.
 */
async function approvedFor(
  { source, tool }: Opened,
  { capabilities }: RunFlags,
  { grants }: ToolDesk,
): Promise<{ readonly approved: ReadonlySet<string>; readonly notes: readonly string[] }> {
  const items = requestedItems(tool.manifest.capabilities);
  if (!source.isInstalled || capabilities !== undefined)
    return { approved: new Set(items.map(({ id }) => id)), notes: tool.notes };
  const approved = await grants.read(source.name);
  const open = items.filter(({ id }) => !approved.has(id));
  return { approved, notes: [...tool.notes, ...open.map(notApproved)] };
}

const notApproved = ({ words }: RequestedItem): string => `not approved: ${words}`;

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

async function checkFlags({ http, withoutSecret, workspace }: RunFlags): Promise<void> {
  if (withoutSecret !== undefined && http === undefined)
    throw new IronbarkError(
      'usage',
      '--without-secret goes with --http: without a recording, the secrets that count are those that are set.',
    );
  if (workspace === undefined) return;
  const folder = await stat(workspace).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new IronbarkError('usage', `There is no folder "${workspace}" for --workspace.`);
}

async function openRecording(
  file: string | undefined,
  onResponse: (response: IncomingResponse) => void,
): Promise<RecordedNetwork | undefined> {
  if (file === undefined) return undefined;
  const exchanges = parseExchanges((await readGivenFile(file)).toString('utf8'));
  if (!exchanges.ok) throw new IronbarkError('usage', `${file}: ${exchanges.error}`);
  return recordedNetwork(exchanges.value, onResponse);
}

function warningsOf(recorded: RecordedNetwork | undefined): readonly string[] {
  if (!recorded) return [];
  const left = recorded.remaining();
  const unused = left === 1 ? '1 recorded exchange was' : `${left} recorded exchanges were`;
  return [...recorded.warnings(), ...(left > 0 ? [`${unused} not asked for`] : [])];
}
