import type { StoredState } from './statechart.ts';
import { UnsupportedVersionError } from './store.ts';

/** Turns what one version of a machine stored into what the next one stores. */
export type Migration = (stored: StoredState) => StoredState;

/** By the version they start from: `{ 1: from1to2, 2: from2to3 }`. */
export type Migrations = Readonly<Record<number, Migration>>;

/** The oldest version that leads to `version` without a gap. */
export function oldestSupported(version: number, migrations: Migrations): number {
  let oldest = version;
  while (migrations[oldest - 1]) oldest--;
  return oldest;
}

/** @throws Error where a migration leads nowhere, since a later one is missing */
export function checkVersions(id: string, version: number, migrations: Migrations): void {
  const oldest = oldestSupported(version, migrations);
  const astray = Object.keys(migrations).find((from) => Number(from) < oldest || Number(from) >= version);
  if (astray === undefined) return;
  throw new Error(`The migration of "${id}" from version ${astray} does not lead to version ${version}.`);
}

/**
 * A snapshot as the present version of the machine has it.
 *
 * @throws UnsupportedVersionError where no migrations lead there, or one of them fails
 */
export function migrated(
  key: string,
  stored: { readonly version: number; readonly snapshot: object },
  version: number,
  migrations: Migrations,
): StoredState {
  const oldest = oldestSupported(version, migrations);
  const supported = oldest === version ? `version ${version}` : `versions ${oldest} to ${version}`;
  if (stored.version < oldest || stored.version > version) {
    throw new UnsupportedVersionError(key, stored.version, supported);
  }
  try {
    return steps(stored.version, version, migrations).reduce(
      (state, migrate) => migrate(state),
      asStored(stored.snapshot),
    );
  } catch (cause) {
    throw new UnsupportedVersionError(key, stored.version, supported, { cause });
  }
}

function steps(from: number, to: number, migrations: Migrations): readonly Migration[] {
  return Array.from({ length: to - from }, (_, step) => migrations[from + step]).filter(
    (migrate) => migrate !== undefined,
  );
}

function asStored(snapshot: object): StoredState {
  if ('state' in snapshot && 'context' in snapshot) {
    const { state, context } = snapshot;
    if (typeof state === 'string' && context instanceof Object) return { state, context };
  }
  throw new Error('what is stored is not the state of a machine');
}
