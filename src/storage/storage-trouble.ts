import { IronbarkError } from '../core/errors.ts';
import { SqlError } from './sql-error.ts';

/** What is known of a failure, whichever layer it came from. */
interface Failure {
  readonly message: string;
  /** SQLSTATE or Node's error code. */
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly constraint?: string | undefined;
}

interface Explanation {
  readonly fits: (failure: Failure) => boolean;
  /** What happened to the database, to follow on its location. */
  readonly what: string;
  readonly hint: string;
}

/**
 * Tells the trouble a person must act on (disk, server, folder) from a statement that was merely wrong.
 * What was already explained stays as it is. `location` is the database as shown to people.
 */
export function explain(thrown: unknown, location: string): Error {
  if (thrown instanceof IronbarkError || thrown instanceof SqlError) return thrown;
  const failure = asFailure(thrown);
  const found = EXPLANATIONS.find(({ fits }) => fits(failure));
  const cause = thrown instanceof Error ? { cause: thrown } : {};
  if (found === undefined && isSqlState(failure.code)) return new SqlError(failure, cause);
  return new IronbarkError(
    'storage',
    `The database at ${location} ${found?.what ?? 'failed'}: ${failure.message.trim()}`,
    found?.hint ?? 'See the log in the home folder: logs/ironbark.log.',
    cause,
  );
}

function asFailure(thrown: unknown): Failure {
  if (!(thrown instanceof Object)) return { message: String(thrown) };
  return {
    message: textOf(thrown, 'message') || textOf(thrown, 'code') || 'no reason given',
    code: textOf(thrown, 'code'),
    detail: textOf(thrown, 'detail'),
    constraint: textOf(thrown, 'constraint'),
  };
}

function textOf(holder: object, name: string): string | undefined {
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'string' ? value : undefined;
}

const isSqlState = (code: string | undefined): boolean => code !== undefined && /^[0-9A-Z]{5}$/.test(code);

const code =
  (...codes: readonly string[]) =>
  (failure: Failure): boolean =>
    failure.code !== undefined && codes.includes(failure.code);

const says =
  (words: RegExp) =>
  (failure: Failure): boolean =>
    !isSqlState(failure.code) && words.test(failure.message);

const RETRY = 'Check that the PostgreSQL server runs and can be reached; it is tried again by itself.';

const EXPLANATIONS: readonly Explanation[] = [
  {
    fits: (failure) => code('53100', 'ENOSPC', 'EDQUOT')(failure) || says(/no space left/i)(failure),
    what: 'has no disk space left',
    hint: 'Free some space; nothing that was acknowledged is lost.',
  },
  {
    fits: code('EACCES', 'EPERM', 'EROFS'),
    what: 'may not be written by this user',
    hint: 'Check owner and permissions of the folder.',
  },
  {
    fits: code('28P01', '28000'),
    what: 'refused the user name or password',
    hint: 'Correct them in DATABASE_URL.',
  },
  {
    fits: code('3D000'),
    what: 'does not exist',
    hint: 'Create it (createdb), or correct its name in DATABASE_URL.',
  },
  {
    fits: code('ENOTFOUND', 'EAI_AGAIN'),
    what: 'could not be found',
    hint: 'Correct the host name in DATABASE_URL, or check the network.',
  },
  {
    fits: code('ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'),
    what: 'could not be reached',
    hint: RETRY,
  },
  {
    fits: (failure) =>
      code('57P01', '57P02', '57P03')(failure) ||
      failure.code?.startsWith('08') === true ||
      says(/connection terminated|timeout exceeded when trying to connect|connection ended/i)(failure),
    what: 'closed the connection',
    hint: RETRY,
  },
  {
    fits: code('53300'),
    what: 'has no connection left',
    hint: 'Raise max_connections, or stop another program that uses it.',
  },
  {
    fits: says(/initialized by PostgreSQL version|incompatible with (the )?server/i),
    what: 'was made by another PostgreSQL version',
    hint: 'Start the program version that made it and export the data there, then import it here.',
  },
];
