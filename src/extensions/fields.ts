import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { below, type Findings, type Place, quoted } from './findings.ts';

/** The fields of one object, each taken by whoever knows what it means. */
export interface Fields {
  readonly path: string;
  /** The field under any of its spellings. `null` is as good as absent; two spellings at once are a mistake. */
  take(...spellings: readonly string[]): Place | undefined;
  /** What nobody took, for an object that may hold anything. */
  takeRest(): JsonObject;
}

/** Reads an object; what `read` leaves untaken is noted as ignored. Undefined where there is none to read. */
export function readSection<T>(
  findings: Findings,
  place: Place | undefined,
  read: (fields: Fields) => T,
): T | undefined {
  if (place === undefined || readObject(findings, place) === undefined) return undefined;
  return readLevels(findings, [place], read);
}

/** An object as it is, for what is handed on unread. */
export function readObject(findings: Findings, place: Place | undefined): JsonObject | undefined {
  if (place === undefined) return undefined;
  const { path, value } = place;
  if (isJsonObject(value)) return value;
  findings.trouble(path, `must be an object, not ${quoted(value)}`);
  return undefined;
}

/** Reads the fields of several objects as if they were one. A field may stand in one of them only. */
export function readLevels<T>(
  findings: Findings,
  levels: readonly Place[],
  read: (fields: Fields) => T,
): T | undefined {
  const open = new Map<string, Place>();
  for (const { path, value } of levels) {
    if (!isJsonObject(value)) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (inner !== null) addField(findings, open, key, { path: below(path, key), value: inner });
    }
  }
  const result = read(fieldsOver(findings, open, levels[0]?.path ?? '$'));
  for (const { path } of open.values()) findings.note(path, 'is not known and was ignored');
  return result;
}

function addField(findings: Findings, open: Map<string, Place>, key: string, place: Place): void {
  const other = open.get(key);
  if (other === undefined) open.set(key, place);
  else findings.trouble(place.path, `is already given at ${other.path}: keep one of them`);
}

function fieldsOver(findings: Findings, open: Map<string, Place>, path: string): Fields {
  return {
    path,
    take(...spellings) {
      const [found, ...others] = spellings.flatMap((spelling) => open.get(spelling) ?? []);
      for (const spelling of spellings) open.delete(spelling);
      for (const other of others)
        findings.trouble(other.path, `means the same as ${found?.path}: keep one of them`);
      return found;
    },
    takeRest() {
      const rest: Record<string, Json> = Object.create(null);
      for (const [key, { value }] of open) rest[key] = value;
      open.clear();
      return rest;
    },
  };
}
