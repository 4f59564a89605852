import { err, ok, type Result } from '../../src/core/result.ts';
import type { Artefact } from '../artefact.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits/index.ts';
import { type ArtefactCache, createArtefactCache } from './artefact-cache.ts';
import { assemble, readHeader } from './artefact-shape.ts';
import { type ProcessLimits, runBuilder } from './builder-process.ts';
import { type ComponentCache, createComponentCache } from './component-cache.ts';
import { type Frame, isRecord } from './frame.ts';
import { BUILD_RULES, type BuildRefusal } from './refusal.ts';
import { sha256 } from './sha256.ts';
import { createSharedWork } from './shared-work.ts';
import { createTurnstile } from './turnstile.ts';
import { builderVersion } from './version.ts';

/** Makes artefacts of components, and components of JavaScript, each in a process that is killed when it misbehaves. */
export interface Builder {
  /**
   * Component bytes to an artefact. A known component comes from the cache, in about 10 ms; another takes a process
   * and 0.4 to 3 s. Callers that want the same component at once share a build.
   */
  component(bytes: Uint8Array, signal?: AbortSignal): Promise<Result<Artefact, BuildRefusal>>;
  /**
   * JavaScript source (one ES2024 module, synchronous) to the bytes of a component of tool@0.4.1. About 1 s; a source
   * that was built before comes from the cache.
   */
  javascript(source: string, signal?: AbortSignal): Promise<Result<Uint8Array, BuildRefusal>>;
  /** Removes cached artefacts of all other components (by hash), and those of other versions of the builder. */
  prune(keep: ReadonlySet<string>): Promise<void>;
}

export interface BuilderOptions {
  readonly cacheDir: string;
  /** The largest component. */
  readonly maxBytes?: number;
  /** For one build, from the start of its process. */
  readonly deadlineMs?: number;
  /** Real memory that one process may hold. */
  readonly memoryBytes?: number;
  readonly limits?: Limits;
}

const MIB = 1024 * 1024;
/** As large as the reference host takes. */
const MAX_BYTES = 50 * MIB;
/** A slow machine needs 3 s for the largest tools known (measured: 12 MiB). */
const DEADLINE_MS = 15_000;
/** A build of JavaScript takes 240 MiB at its peak. */
const MEMORY_BYTES = 768 * MIB;
const MAX_SOURCE_BYTES = MIB;
/** Metering makes a module up to 1.7 times as large (measured), and the glue comes on top. */
const answerBytes = (maxBytes: number): number => 3 * maxBytes + 16 * MIB;
/** A build takes a core for a second or two; more at once would take them from conversations. */
const PROCESSES = 2;

export function createBuilder({
  cacheDir,
  maxBytes = MAX_BYTES,
  deadlineMs = DEADLINE_MS,
  memoryBytes = MEMORY_BYTES,
  limits = DEFAULT_LIMITS,
}: BuilderOptions): Builder {
  const version = builderVersion(limits);
  const cache = createArtefactCache(cacheDir, version);
  const components = createComponentCache(cacheDir, version);
  const turnstile = createTurnstile(PROCESSES);
  const shared = createSharedWork<Result<Artefact, BuildRefusal>>(ABORTED);
  const process: ProcessLimits = { deadlineMs, memoryBytes, answerBytes: answerBytes(maxBytes) };
  const settings = { memoryPages: limits.memoryPages, tableElements: limits.tableElements };

  const translate = (input: Uint8Array, signal: AbortSignal) =>
    turnstile(() => runBuilder({ kind: 'component', settings, input }, process, signal));

  return {
    async component(bytes, signal) {
      const objection = objectionTo(bytes, maxBytes);
      if (objection) return err(objection);
      const hash = await sha256(bytes);
      return shared.run(hash, (cancelled) => build(hash, cache, () => translate(bytes, cancelled)), signal);
    },
    async javascript(source, signal = NEVER) {
      const input = new TextEncoder().encode(source);
      if (input.length > MAX_SOURCE_BYTES) return err(SOURCE_TOO_LARGE);
      return convert(input, components, () =>
        turnstile(() => runBuilder({ kind: 'javascript', settings: {}, input }, process, signal)),
      );
    },
    prune: (keep) => cache.prune(keep),
  };
}

const NEVER = new AbortController().signal;
const ABORTED = err<BuildRefusal>({ rule: 'aborted', message: 'The build was cancelled.' });
const SOURCE_TOO_LARGE: BuildRefusal = { rule: 'too-large', message: 'The source is larger than 1 MiB.' };
const IMPROPER = err<BuildRefusal>({
  rule: 'builder-crashed',
  message: 'The builder gave an answer that is none.',
});

/** The first eight bytes of a component and of a core module: the magic number, then version and layer. */
const MAGIC = Buffer.from('\0asm');
const CORE = Buffer.from([1, 0, 0, 0]);
const COMPONENT = Buffer.from([13, 0, 1, 0]);

function objectionTo(bytes: Uint8Array, maxBytes: number): BuildRefusal | undefined {
  if (bytes.length > maxBytes) return { rule: 'too-large', message: tooLarge(bytes.length, maxBytes) };
  if (!MAGIC.equals(bytes.subarray(0, 4))) return { rule: 'not-wasm', message: NOT_WASM };
  if (CORE.equals(bytes.subarray(4, 8))) return { rule: 'not-a-component', message: CORE_MODULE };
  if (COMPONENT.equals(bytes.subarray(4, 8))) return undefined;
  return { rule: 'not-a-component', message: 'The file is WebAssembly of a kind that is not known here.' };
}

const tooLarge = (size: number, most: number): string =>
  `The component has ${(size / MIB).toFixed(1)} MiB; ${(most / MIB).toFixed(1)} MiB are allowed.`;
const NOT_WASM =
  'The file is not WebAssembly. Hand in a component (.wasm), or the folder of a tool in JavaScript.';
const CORE_MODULE =
  'The file is a core module, not a component. Build it for the target wasm32-wasip2, or make a component of it with ' +
  '`wasm-tools component embed` and `wasm-tools component new`.';

async function build(
  hash: string,
  cache: ArtefactCache,
  translate: () => Promise<Result<Frame, BuildRefusal>>,
): Promise<Result<Artefact, BuildRefusal>> {
  const known = await cache.read(hash);
  if (known) return ok(known);
  const made = artefactOf(hash, await translate());
  if (made.ok) await cache.write(made.value);
  return made;
}

async function convert(
  source: Uint8Array,
  cache: ComponentCache,
  componentize: () => Promise<Result<Frame, BuildRefusal>>,
): Promise<Result<Uint8Array, BuildRefusal>> {
  const hash = await sha256(source);
  const known = await cache.read(hash);
  if (known) return ok(known);
  const made = componentOf(await componentize());
  if (made.ok) await cache.write(hash, made.value);
  return made;
}

function artefactOf(hash: string, answer: Result<Frame, BuildRefusal>): Result<Artefact, BuildRefusal> {
  if (!answer.ok) return answer;
  const { body, parts } = answer.value;
  if (!isRecord(body)) return IMPROPER;
  if (body.status === 'refused') return refusalOf(body);
  const header = body.status === 'translated' ? readHeader(body) : undefined;
  const artefact = header && assemble(hash, header, parts);
  return artefact ? ok(artefact) : IMPROPER;
}

function componentOf(answer: Result<Frame, BuildRefusal>): Result<Uint8Array, BuildRefusal> {
  if (!answer.ok) return answer;
  const { body, parts } = answer.value;
  const [bytes] = parts;
  if (!isRecord(body)) return IMPROPER;
  if (body.status === 'refused') return refusalOf(body);
  return body.status === 'componentized' && bytes !== undefined ? ok(bytes) : IMPROPER;
}

const MAX_MESSAGE = 4000;

function refusalOf({ rule, message }: Readonly<Record<string, unknown>>): Result<never, BuildRefusal> {
  const known = BUILD_RULES.find((name) => name === rule);
  if (known === undefined || typeof message !== 'string') return IMPROPER;
  return err({ rule: known, message: message.slice(0, MAX_MESSAGE) });
}
