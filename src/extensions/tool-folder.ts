import { type Clock, systemClock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { FileState } from './file-state.ts';
import { BAD_NAME, type FolderTrouble, sizeObjection } from './folder-trouble.ts';
import { watchFolder } from './folder-watch.ts';
import { MAX_MANIFEST_BYTES } from './parse-manifest.ts';
import { placeTool, removeTool } from './place-tool.ts';
import { type ReadTool, readTool, type ToolFile } from './read-tool.ts';
import { isToolName } from './tool-name.ts';
import { candidatesIn, type Survey, surveyTools, toolOf } from './tool-survey.ts';
import { createTurns } from './turns.ts';

export interface FolderScan {
  /** By name. */
  readonly tools: readonly ToolFile[];
  /**
   * By name, one each. What has trouble is not among `tools`: whoever runs an older version of it keeps that one.
   * What is in neither list is gone.
   */
  readonly troubles: readonly FolderTrouble[];
}

export interface ToolFolder {
  /**
   * What lies in the folder now; no folder is an empty one. Costs a few looks at each file; only what changed is
   * read. The bytes of every tool stay in memory between scans. Throws where the folder itself cannot be read.
   */
  scan(): Promise<FolderScan>;
  /** Calls back when the folder differs from the last scan and what changed has settled. */
  watch(onChange: () => void): { close(): void };
  /** Adds a tool or takes another's place; without a text it has no manifest. Never half visible to a scan. */
  install(
    name: string,
    bytes: Uint8Array,
    manifestText: string | undefined,
  ): Promise<Result<void, FolderTrouble>>;
  /** False where there was no such tool. Throws where the disk fails. */
  remove(name: string): Promise<boolean>;
}

export interface ToolFolderOptions {
  /** The largest binary. */
  readonly maxBytes: number;
  /** How long a file must have rested before it counts as written. */
  readonly settleMs?: number;
  /** How often the folder is looked at where the system reports no changes. */
  readonly pollMs?: number;
  readonly clock?: Clock;
}

/** The folder of tools: `NAME.wasm`, and beside it `NAME.capabilities.json`. */
export function createToolFolder(folder: string, options: ToolFolderOptions): ToolFolder {
  const { maxBytes, settleMs = 250, pollMs = 5000, clock = systemClock } = options;
  const inTurn = createTurns();
  let known: ReadonlyMap<string, ReadTool> = new Map();
  let seen: Survey = new Map();
  let scans = 0;
  /** Prints of what was put in place whole since the last scan: it needs no rest. */
  const whole = new Set<string>();

  const isResting = ({ print, modifiedAt }: FileState): boolean =>
    whole.has(print) || Math.abs(clock.now() - modifiedAt) >= settleMs;

  async function scan(): Promise<FolderScan> {
    const survey = await surveyTools(folder);
    const found = new Map<string, ReadTool>();
    const troubles: FolderTrouble[] = [];
    for (const candidate of candidatesIn(survey)) {
      const read = await readTool(candidate, {
        folder,
        maxBytes,
        isResting,
        known: (name) => known.get(name),
      });
      if (read.ok) found.set(candidate.name, read.value);
      else troubles.push(read.error);
    }
    known = found;
    seen = withoutUnsettled(survey, troubles);
    scans++;
    whole.clear();
    return { tools: [...found.values()].map(({ tool }) => tool), troubles };
  }

  async function install(
    name: string,
    bytes: Uint8Array,
    manifestText: string | undefined,
  ): Promise<Result<void, FolderTrouble>> {
    const objection = installObjection(name, bytes, manifestText, maxBytes);
    if (objection) return err(objection);
    const placed = await placeTool(folder, name, bytes, manifestText);
    if (!placed.ok) return placed;
    for (const print of placed.value) whole.add(print);
    return ok(undefined);
  }

  return {
    scan: () => inTurn(scan),
    watch: (onChange) =>
      watchFolder(folder, {
        settleMs,
        pollMs,
        survey: () => surveyTools(folder),
        lastScan: () => ({ seen, scans }),
        onChange,
      }),
    install: (name, bytes, manifestText) => inTurn(() => install(name, bytes, manifestText)),
    remove: (name) => inTurn(() => removeTool(folder, name)),
  };
}

/** So that the watch calls again for what was left out. */
function withoutUnsettled(survey: Survey, troubles: readonly FolderTrouble[]): Survey {
  const unsettled = new Set(troubles.filter(({ rule }) => rule === 'unsettled').map(({ name }) => name));
  return new Map([...survey].filter(([file]) => !unsettled.has(toolOf(file) ?? file)));
}

function installObjection(
  name: string,
  bytes: Uint8Array,
  manifestText = '',
  maxBytes: number,
): FolderTrouble | undefined {
  if (!isToolName(name)) return { name, rule: 'name', message: BAD_NAME };
  return (
    sizeObjection(name, 'The binary', bytes.length, maxBytes) ??
    sizeObjection(name, 'The manifest', Buffer.byteLength(manifestText), MAX_MANIFEST_BYTES)
  );
}
