import type { Queryable, Row, Statement } from '../../storage/index.ts';
import type { Sealed } from './seal.ts';

interface SecretRow extends Row {
  readonly owner: string;
  readonly name: string;
  readonly version: number;
  readonly key_id: string;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly set_at: Date;
  readonly expires_at: Date | null;
}

const COLUMNS = 'owner, name, version, key_id, salt, nonce, ciphertext, set_at, expires_at';

export async function readSecret(
  database: Queryable,
  owner: string,
  name: string,
): Promise<Sealed | undefined> {
  const { rows } = await database.query<SecretRow>(
    `select ${COLUMNS} from secret where owner = $1 and name = $2`,
    [owner, name],
  );
  return rows.map(toSealed)[0];
}

/** Secrets whose key is another, by name after `after`. */
export async function readUnderOtherKeys(
  database: Queryable,
  owner: string,
  keyId: string,
  after: string,
  limit: number,
): Promise<readonly Sealed[]> {
  const { rows } = await database.query<SecretRow>(
    `select ${COLUMNS} from secret
      where owner = $1 and key_id <> $2 and name collate "C" > $3 order by name collate "C" limit $4`,
    [owner, keyId, after, limit],
  );
  return rows.map(toSealed);
}

/**
 * Touches no row where another has been written meanwhile, or where the key is no longer one to write with; so it
 * may stand first in a unit.
 */
export function writeSecret(sealed: Sealed): Statement {
  const { owner, name, version, keyId, salt, nonce, ciphertext, setAt, expiresAt } = sealed;
  return {
    sql: `insert into secret (${COLUMNS})
          select $1, $2, $3::text::bigint, id, $5, $6, $7, $8::text::timestamptz, $9::text::timestamptz
            from master_key where id = $4 and state <> 'retired'
          on conflict (owner, name) do update set
            version = excluded.version, key_id = excluded.key_id, salt = excluded.salt, nonce = excluded.nonce,
            ciphertext = excluded.ciphertext, set_at = excluded.set_at, expires_at = excluded.expires_at
          where secret.version = excluded.version - 1`,
    params: [owner, name, String(version), keyId, salt, nonce, ciphertext, iso(setAt), iso(expiresAt)],
  };
}

/** The same secret under another key. Touches no row where it has been set anew meanwhile. */
export function moveSecret({ owner, name, version, keyId, salt, nonce, ciphertext }: Sealed): Statement {
  return {
    sql: `update secret set key_id = $4, salt = $5, nonce = $6, ciphertext = $7
           where owner = $1 and name = $2 and version = $3::text::bigint and key_id <> $4`,
    params: [owner, name, String(version), keyId, salt, nonce, ciphertext],
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function toSealed(row: SecretRow): Sealed {
  const { owner, name, version, salt, nonce, ciphertext } = row;
  return {
    owner,
    name,
    version,
    salt,
    nonce,
    ciphertext,
    keyId: row.key_id,
    setAt: row.set_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
  };
}
