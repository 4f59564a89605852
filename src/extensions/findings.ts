import type { Json } from '../core/json.ts';

/** A mistake in a manifest. */
export interface ManifestTrouble {
  /** Where: `$.capabilities.http.allowlist[0].host`. */
  readonly path: string;
  /** What is wrong, and what is allowed instead. */
  readonly message: string;
}

/** Collects everything there is to say about one manifest, so that its author hears it all at once. */
export interface Findings {
  trouble(path: string, message: string): void;
  /** For what does no harm: ignored, cut or clamped. */
  note(path: string, message: string): void;
  troubles(): readonly ManifestTrouble[];
  /** One line each. */
  notes(): readonly string[];
}

/** More would not be read by anybody, and a hostile file could make as many as it has bytes. */
const MOST_REPORTED = 100;

export function createFindings(): Findings {
  const troubles: ManifestTrouble[] = [];
  const notes: string[] = [];
  let unsaid = 0;
  return {
    trouble(path, message) {
      if (troubles.length < MOST_REPORTED) troubles.push({ path, message });
      else unsaid++;
    },
    note(path, message) {
      if (notes.length < MOST_REPORTED) notes.push(`${path} ${message}`);
    },
    troubles: () =>
      unsaid > 0 ? [...troubles, { path: '$', message: `holds ${unsaid} more mistakes` }] : troubles,
    notes: () => notes,
  };
}

/** A value and where it stands. */
export interface Place {
  readonly path: string;
  readonly value: Json;
}

export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return /^[A-Za-z_]\w{0,63}$/.test(key) ? `${path}.${key}` : `${path}[${quoted(key)}]`;
}

/** A value as a message may show it: on one line and short. */
export function quoted(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
