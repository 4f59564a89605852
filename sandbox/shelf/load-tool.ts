import type { Refusal } from '../../machines/refusal.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import {
  EMPTY_MANIFEST,
  grantedCapabilities,
  type Manifest,
  parseManifest,
} from '../../src/extensions/index.ts';
import type { Artefact } from '../artefact.ts';
import type { Builder } from '../build/index.ts';
import type { SandboxedTool } from '../call/sandboxed-tool.ts';
import type { SlotPool } from '../pool/index.ts';
import { askDescription, type DescriptionCache, type SelfDescription } from './describe.ts';
import { readSchema } from './tool-schema.ts';

/** What it takes to make a tool of its files. */
export interface LoadServices {
  readonly builder: Builder;
  readonly pool: SlotPool;
  readonly descriptions: DescriptionCache;
}

export interface ToolSource {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The text of its capabilities file; undefined where it has none. */
  readonly manifestText: string | undefined;
}

/** A tool's files, read and understood, before anything is granted. */
export interface ReadTool {
  readonly name: string;
  readonly artefact: Artefact;
  readonly manifest: Manifest;
  /** What of the manifest was not understood or was bent, for its author. */
  readonly notes: readonly string[];
  readonly self: SelfDescription;
  readonly tool: Omit<SandboxedTool, 'granted'>;
}

const MAX_DESCRIPTION_CHARACTERS = 4_096;

/** Makes a tool of its files. The error names the file's part that was wrong, and what to do. */
export async function loadTool(
  services: LoadServices,
  { name, bytes, manifestText }: ToolSource,
  wanted: 'tool' | 'tool or channel' = 'tool',
): Promise<Result<ReadTool, Refusal>> {
  const read = readManifest(manifestText);
  if (!read.ok) return read;
  const { manifest, notes } = read.value;
  const built = await services.builder.component(bytes);
  if (!built.ok) return built;
  const artefact = built.value;
  const objection = objectionTo(manifest, artefact, wanted);
  if (objection) return err(objection);
  const self = await describe(services, artefact);
  if (!self.ok) return self;
  const parameters = readSchema(self.value.schema);
  if (!parameters.ok) {
    return err({
      rule: 'schema',
      message: `The schema that the tool gives of its arguments ${parameters.error}.`,
    });
  }
  const description = (manifest.description ?? self.value.description).slice(0, MAX_DESCRIPTION_CHARACTERS);
  const tool = { name, artefact, description, parameters: parameters.value, manifest };
  return ok({ name, artefact, manifest, notes, self: self.value, tool });
}

/** The tool with what was approved of it. */
export function grant({ tool }: ReadTool, approved: ReadonlySet<string>): SandboxedTool {
  return { ...tool, granted: grantedCapabilities(tool.manifest.capabilities, approved) };
}

function readManifest(text: string | undefined) {
  if (text === undefined) return ok({ manifest: EMPTY_MANIFEST, notes: [] });
  const parsed = parseManifest(text);
  if (parsed.ok) return parsed;
  const lines = parsed.error.map(({ path, message }) => `${path}: ${message}`);
  return err({ rule: 'manifest', message: `The capabilities file is wrong: ${lines.join('; ')}` });
}

function objectionTo(
  { sha256, kind }: Manifest,
  { componentHash, world }: Artefact,
  wanted: 'tool' | 'tool or channel',
): Refusal | undefined {
  if (sha256 !== undefined && sha256 !== componentHash) {
    return {
      rule: 'hash',
      message: `The component's SHA-256 is ${componentHash}, and its manifest says ${sha256}. One of them was changed; get both from their author again.`,
    };
  }
  if (wanted === 'tool' && (kind === 'channel' || world === 'channel@0.3.1')) {
    return {
      rule: 'not-a-tool',
      message: 'This is a channel, not a tool: a model cannot call it.',
    };
  }
  return undefined;
}

/** A channel has nothing to say to models. */
const CHANNEL: SelfDescription = { description: 'A channel.', schema: '{"type":"object"}' };

async function describe(
  { pool, descriptions }: LoadServices,
  artefact: Artefact,
): Promise<Result<SelfDescription, Refusal>> {
  if (artefact.world === 'channel@0.3.1') return ok(CHANNEL);
  const known = await descriptions.read(artefact.componentHash);
  if (known) return ok(known);
  const asked = await askDescription(pool, artefact);
  if (!asked.ok)
    return err({ rule: 'description', message: `The tool cannot say what it does: ${asked.error}.` });
  await descriptions.write(artefact.componentHash, asked.value);
  return asked;
}
