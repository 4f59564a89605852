import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { err, type Result } from '../../core/result.ts';
import { sourceStatement } from '../../repair/index.ts';
import { defineTool } from '../define-tool.ts';
import type { GivenTool, ToolInstaller } from '../installer.ts';
import type { FileScope } from '../path-safety.ts';
import type { Tool, ToolOutput } from '../tool.ts';

/** It may have to be built from JavaScript first. */
const TIMEOUT_MS = 120_000;

/** Tools that were looked at and may be asked about next. */
const MAX_SEEN = 16;

/**
 * Two calls: the first looks and changes nothing; the second names the print of what was seen, so that the user says
 * yes to just this, whoever changes the file meanwhile.
 */
export function toolInstallTool(files: FileScope, installer: ToolInstaller): Tool {
  const seen = new Map<string, string>();
  const look = async (path: string): Promise<Result<GivenTool, string>> => {
    const place = await placeOf(files, path);
    return place.ok ? installer.read(place.value) : place;
  };
  return defineTool({
    name: 'tool_install',
    description:
      'Install a tool from a file (.wasm, .js) or folder of the user. Without print it only looks, and tells the print.',
    schema: z.object({ path: z.string().min(1), print: z.string().optional() }),
    effect: 'idempotent',
    approval: 'always',
    approvalOf: ({ print }) => (print ? 'always' : 'never'),
    powers: ['changes'],
    powersOf: ({ print }) => (print ? ['changes'] : ['reads-private']),
    targets: ({ path }) => [{ argument: 'path', kind: 'path', value: files.absolute(path) }],
    timeoutMs: TIMEOUT_MS,
    summary: ({ path, print = '' }) => seen.get(print) ?? `Install the tool at ${path}.`,
    async refusal({ path, print }) {
      if (!print) return undefined;
      const given = await look(path);
      if (!given.ok) return given.error;
      if (given.value.print !== print) return CHANGED;
      if (seen.size >= MAX_SEEN) seen.clear();
      seen.set(print, cardOf(path, given.value));
      return undefined;
    },
    async run({ path, print }): Promise<ToolOutput> {
      const origins = [`the tool ${path}`];
      if (!print) {
        const given = await look(path);
        return given.ok
          ? { ok: true, content: `${textOf(given.value)}\n${NEXT} ${given.value.print}`, origins }
          : { ok: false, content: given.error };
      }
      const place = await placeOf(files, path);
      const installed = place.ok ? await installer.install(place.value, print) : place;
      if (!installed.ok) return { ok: false, content: installed.error };
      const { name } = installed.value;
      return {
        ok: true,
        content: `Installed ${name}. It can be called in a few seconds.`,
        // Where its source is, for the day when it has to be repaired.
        writes: place.ok ? [sourceStatement(name, place.value)] : [],
      };
    },
  });
}

const CHANGED =
  'The tool is not what that print was told of. Call tool_install without print to look at it again.';

const NEXT = 'Not installed yet. To install it, which the user is asked about, call again with print';

/** Its file and what is read beside it must all lie where files may be read, links followed. */
async function placeOf(files: FileScope, path: string): Promise<Result<string, string>> {
  const place = await files.resolve(path);
  if (!place.ok) return place;
  for (const part of partsOf(place.value)) {
    const resolved = await files.resolve(part);
    if (!resolved.ok) return err(resolved.error);
  }
  return place;
}

function partsOf(place: string): readonly string[] {
  const manifest = `${basename(place, extname(place))}.capabilities.json`;
  const inside = ['tool.js', 'capabilities.json', manifest].map((name) => join(place, name));
  return [join(dirname(place), manifest), ...inside];
}

const MAX_DESCRIPTION = 300;

const wordsOn = ({ name, version, description }: GivenTool): string => {
  const line = description.replace(/\s+/g, ' ').slice(0, MAX_DESCRIPTION).toWellFormed();
  return `${name}${version === undefined ? '' : ` ${version}`} (it says: "${line}")`;
};

function cardOf(path: string, tool: GivenTool): string {
  const verb = tool.replaces ? 'Replace the installed tool by' : 'Install the tool';
  return `${verb} ${wordsOn(tool)} from ${path}. ${requestsOf(tool, '; ')}`;
}

function textOf(tool: GivenTool): string {
  const note = tool.replaces ? '\nIt would take the place of an installed tool.' : '';
  return `${wordsOn(tool)}\n${requestsOf(tool, '\n- ')}${note}`;
}

function requestsOf({ asks }: GivenTool, separator: string): string {
  if (asks.length === 0) return 'It asks for nothing: it can compute, and no more.';
  return `It will be allowed to:${separator === '; ' ? ' ' : separator}${asks.join(separator)}.`;
}
