import { isJsonObject, type JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type Fields, readLevels, readObject, readSection } from './fields.ts';
import {
  below,
  createFindings,
  type Findings,
  type ManifestTrouble,
  type Place,
  quoted,
} from './findings.ts';
import { parseJson } from './json-text.ts';
import type { DiscoverySummary, Manifest } from './manifest.ts';
import { readAuth } from './read-auth.ts';
import { readCapabilities } from './read-capabilities.ts';
import { readSetup } from './read-setup.ts';
import { readList, readProse, readText } from './read-value.ts';
import { NAME, SHA256, VERSION } from './text-rules.ts';

/** In UTF-8; what registries of such extensions allow. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;

/** How many `capabilities` may stand inside of each other. */
const MAX_WRAPPERS = 8;

export interface ParsedManifest {
  readonly manifest: Manifest;
  /** What was ignored, cut or clamped, one line each, beginning with its path. */
  readonly notes: readonly string[];
}

/**
 * Reads a capabilities.json. The fields may stand at the top or below `capabilities`, up to eight times. What is not
 * known is ignored and excess is clamped, each with a note; mistakes refuse the whole manifest, all of them at once.
 * Never throws. Linear in the text, which may have 1 MiB.
 */
export function parseManifest(text: string): Result<ParsedManifest, readonly ManifestTrouble[]> {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MANIFEST_BYTES) return refuse(`has ${bytes} bytes; ${MAX_MANIFEST_BYTES} are allowed`);
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  if (!parsed.ok) {
    const { line, column, message } = parsed.error;
    return refuse(`is not valid JSON at line ${line}, column ${column}: ${message}`);
  }
  if (!isJsonObject(parsed.value)) return refuse(`must be an object, not ${quoted(parsed.value)}`);
  return readManifest(parsed.value);
}

const refuse = (message: string) => err([{ path: '$', message }]);

function readManifest(root: JsonObject): Result<ParsedManifest, readonly ManifestTrouble[]> {
  const findings = createFindings();
  const levels = levelsOf(findings, { path: '$', value: root });
  const manifest = readLevels(findings, levels, (fields) => manifestOf(findings, fields));
  const troubles = findings.troubles();
  return troubles.length > 0 || manifest === undefined
    ? err(troubles)
    : ok({ manifest, notes: findings.notes() });
}

/** The object and those wrapped in it, without the wrappers. */
function levelsOf(findings: Findings, root: Place): readonly Place[] {
  const levels: Place[] = [];
  for (let next: Place | undefined = root; next !== undefined; ) {
    const { path, value }: Place = next;
    const object = readObject(findings, { path, value });
    if (levels.length > MAX_WRAPPERS) findings.trouble(path, `is wrapped more than ${MAX_WRAPPERS} times`);
    if (object === undefined || levels.length > MAX_WRAPPERS) break;
    const { capabilities = null, ...own } = object;
    levels.push({ path, value: own });
    next = capabilities === null ? undefined : { path: below(path, 'capabilities'), value: capabilities };
  }
  return levels;
}

function manifestOf(findings: Findings, fields: Fields): Manifest {
  const { take } = fields;
  const capabilities = readCapabilities(findings, fields);
  const type = take('type');
  const kind = readKind(findings, type, capabilities.channel !== null);
  if (kind === 'tool' && capabilities.channel !== null)
    findings.trouble(type?.path ?? '$.type', 'is "tool", but there is a section "channel": one must go');
  return {
    kind,
    name: readText(findings, take('name'), NAME),
    description: readProse(findings, take('description')),
    discoverySummary: readSummary(findings, take('discovery_summary')),
    version: readText(findings, take('version'), VERSION),
    witVersion: readText(findings, take('wit_version'), VERSION),
    sha256: readText(findings, take('sha256'), SHA256),
    capabilities,
    auth: readAuth(findings, take('auth')),
    setup: readSetup(findings, take('setup')),
    config: readObject(findings, take('config')),
  };
}

function readKind(findings: Findings, place: Place | undefined, hasChannel: boolean): Manifest['kind'] {
  if (place === undefined) return hasChannel ? 'channel' : 'tool';
  if (place.value === 'tool' || place.value === 'channel') return place.value;
  findings.trouble(place.path, `must be "tool" or "channel", not ${quoted(place.value)}`);
  return 'tool';
}

/** A text alone counts as a note. */
function readSummary(findings: Findings, place: Place | undefined): DiscoverySummary | undefined {
  if (typeof place?.value === 'string') {
    const note = readProse(findings, place);
    return { ...NO_SUMMARY, notes: note === undefined ? [] : [note] };
  }
  return readSection(findings, place, ({ take }) => {
    const texts = (key: string) => readList(findings, take(key), (item) => readProse(findings, item));
    return {
      alwaysRequired: texts('always_required'),
      conditionalRequirements: texts('conditional_requirements'),
      notes: texts('notes'),
      examples: readList(findings, take('examples'), (item) => readObject(findings, item)),
    };
  });
}

const NO_SUMMARY: DiscoverySummary = {
  alwaysRequired: [],
  conditionalRequirements: [],
  notes: [],
  examples: [],
};
