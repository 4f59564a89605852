import { type CallOutcome, grant, type ReadTool } from '../../../sandbox/index.ts';
import { EXIT_CODES } from '../../core/errors.ts';
import { environmentSecrets } from '../../secrets/index.ts';
import { type Context, print, type Settings } from '../context.ts';
import { callerOf, parseParams } from './call-input.ts';
import { glance, show } from './show.ts';
import { openToolDesk } from './tool-desk.ts';

interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

const DETAIL_CHARACTERS = 500;

/**
 * Looks whether a tool is fit for use: that it can be built, describes itself, and comes to an end of its own accord
 * when it is called. It is granted nothing meanwhile, so that trying it changes nothing.
 *
 * @returns the exit code: 0 where everything held, 10 where something did not
 */
export async function testTool(
  what: string,
  flags: { readonly params?: string; readonly capabilities?: string },
  settings: Settings,
  context: Context,
): Promise<number> {
  const { stdout, env } = context.terminal;
  const params = parseParams(flags.params ?? '{}');
  await using desk = await openToolDesk(settings, context);
  const { tool } = await desk.read(what, { manifest: flags.capabilities });
  const outcome = await desk.bench.run({
    tool: grant(tool, new Set()),
    params,
    context: undefined,
    caller: callerOf('test'),
  });
  const checks: readonly Check[] = [
    ...descriptionChecks(tool),
    callCheck(outcome, flags.params !== undefined),
    ...(await secretChecks(tool, env)),
  ];
  if (settings.json) print(stdout, JSON.stringify({ tool: tool.name, checks }, undefined, 2));
  else for (const check of checks) show(stdout, lineOf(check));
  return checks.every(({ ok }) => ok) ? 0 : EXIT_CODES['check-failed'];
}

const lineOf = ({ what, ok, detail }: Check): string =>
  `${ok ? 'ok    ' : 'failed'}  ${what}: ${glance(detail, DETAIL_CHARACTERS)}`;

function descriptionChecks({ tool, notes }: ReadTool): readonly Check[] {
  const { world, componentHash } = tool.artefact;
  return [
    { what: 'component', ok: true, detail: `${world}, ${componentHash.slice(0, 16)}` },
    { what: 'description', ok: tool.description !== '', detail: tool.description || 'it gives none' },
    { what: 'schema', ok: true, detail: `${JSON.stringify(tool.parameters).length} characters` },
    { what: 'manifest', ok: true, detail: notes.join('; ') || 'nothing to note' },
  ];
}

/** What a tool says of arguments it cannot work with, or of a network it was not given, is a proper answer. */
function callCheck({ end, fuelUsed }: CallOutcome, hadParams: boolean): Check {
  const reason = end.kind === 'refused' ? end.refusal : end.kind === 'failed' ? end.failure : undefined;
  if (reason === undefined) return { what: 'call', ok: true, detail: `${end.kind}, ${fuelUsed} fuel` };
  const detail = `${reason.rule}: ${reason.message}`;
  if (reason.rule === 'params' && !hadParams)
    return { what: 'call', ok: true, detail: `not tried, it needs arguments: give some with --params` };
  const isProper = reason.rule.startsWith('guest-') && reason.rule !== 'guest-response';
  return { what: 'call', ok: isProper, detail };
}

async function secretChecks(
  { manifest }: ReadTool,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Check[]> {
  const secrets = environmentSecrets(env);
  const names = new Set((manifest.capabilities.http?.credentials ?? []).map(({ secretName }) => secretName));
  return Promise.all(
    [...names].map(async (name) => {
      const isSet = await secrets.has(name);
      // A tool is sound without its secret; it will be asked for.
      return { what: `secret ${name}`, ok: true, detail: isSet ? 'is set' : 'is not set yet' };
    }),
  );
}
