import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { orUndefinedIfMissing } from './file-state.ts';
import { isToolName } from './tool-name.ts';
import { createTurns } from './turns.ts';
import { syncFolder, writeWhole } from './whole-file.ts';

/**
 * What the user approved of each tool's requests, by the ids of `requestedItems`. Every method throws for a name that
 * no tool can have and where the disk fails. Costs one small file a call; nothing is kept in memory.
 */
export interface GrantStore {
  read(tool: string): Promise<ReadonlySet<string>>;
  /** Adds to what is approved; on disk when it resolves. */
  approve(tool: string, ids: readonly string[]): Promise<void>;
  /** Takes everything back. */
  forget(tool: string): Promise<void>;
}

const grantFile = z.object({
  version: z.literal(1),
  /** When it was approved, ISO 8601, by id. */
  approved: z.record(z.string(), z.string()),
});

type Approvals = ReadonlyMap<string, string>;

/**
 * One file a tool, `<folder>/<tool>.json`, for its owner alone. The folder must not be the one that tools are dropped
 * into, or a dropped file could approve itself.
 */
export function createGrantStore(folder: string, clock: Clock): GrantStore {
  // Two approvals at once would otherwise both start from the same old file.
  const inTurn = createTurns();
  return {
    read: async (tool) => new Set((await readApprovals(fileFor(folder, tool))).keys()),
    approve: (tool, ids) =>
      inTurn(() => addApprovals(folder, tool, ids, new Date(clock.now()).toISOString())),
    forget: (tool) => inTurn(() => removeApprovals(folder, tool)),
  };
}

function fileFor(folder: string, tool: string): string {
  if (!isToolName(tool)) throw new Error(`No tool can be named ${JSON.stringify(tool)}.`);
  return join(folder, `${tool}.json`);
}

/** A file that is damaged approves nothing: asking again is the lesser evil. */
async function readApprovals(path: string): Promise<Approvals> {
  const text = await readIfThere(path);
  if (text === undefined) return new Map();
  const parsed = grantFile.safeParse(jsonOrUndefined(text));
  return new Map(parsed.success ? Object.entries(parsed.data.approved) : []);
}

const readIfThere = (path: string): Promise<string | undefined> =>
  orUndefinedIfMissing(() => readFile(path, 'utf8'));

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function addApprovals(folder: string, tool: string, ids: readonly string[], at: string): Promise<void> {
  const path = fileFor(folder, tool);
  const known = await readApprovals(path);
  const approved = Object.fromEntries([...ids.map((id) => [id, at] as const), ...known]);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(path, `${JSON.stringify({ version: 1, approved }, undefined, 2)}\n`);
}

async function removeApprovals(folder: string, tool: string): Promise<void> {
  const path = fileFor(folder, tool);
  if ((await readIfThere(path)) === undefined) return;
  await rm(path, { force: true });
  await syncFolder(folder);
}
