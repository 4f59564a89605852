import type { AuditRecord } from '../core/audit.ts';
import type { SecretUse } from '../core/secrets.ts';
import type { Queryable, Row, Statement } from '../storage/index.ts';
import { OWNER } from './vault/vault.ts';

export interface SecretUses {
  readonly uses: number;
  readonly last: SecretUse;
}

/**
 * What keeps count of the secrets that a call put into its requests, to be stored with the call's outcome. The lines
 * of its audit log say which, so that both always agree. One row for each secret, tool and host.
 *
 * @param now milliseconds since the Unix epoch
 */
export function useStatements(records: readonly AuditRecord[], now: number): readonly Statement[] {
  const counts = new Map<string, { readonly key: readonly string[]; uses: number }>();
  for (const key of records.flatMap(usesIn)) {
    const text = JSON.stringify(key);
    const counted = counts.get(text) ?? { key, uses: 0 };
    counted.uses++;
    counts.set(text, counted);
  }
  return [...counts.values()].map(({ key, uses }) => ({
    sql: `insert into secret_use as known (owner, name, tool, host, uses, last_used_at)
          values ($1, $2, $3, $4, $5::text::bigint, $6::text::timestamptz)
          on conflict (owner, name, tool, host) do update set
            uses = known.uses + excluded.uses, last_used_at = greatest(known.last_used_at, excluded.last_used_at)`,
    params: [OWNER, ...key, String(uses), new Date(now).toISOString()],
  }));
}

/** As name, tool and host. */
function usesIn({ tool, detail }: AuditRecord): readonly (readonly [string, string, string])[] {
  const { host, credentials } = detail ?? {};
  if (typeof host !== 'string' || !Array.isArray(credentials)) return [];
  return credentials.flatMap((name) =>
    typeof name === 'string' ? [[name.toLowerCase(), tool, host] as const] : [],
  );
}

interface UseRow extends Row {
  readonly name: string;
  readonly uses: number;
  readonly at: Date;
  readonly tool: string;
  readonly host: string;
}

/** By name: how often, and where last. */
export async function readUses(database: Queryable): Promise<ReadonlyMap<string, SecretUses>> {
  const { rows } = await database.query<UseRow>(
    `select distinct on (name) name, (sum(uses) over (partition by name))::bigint as uses,
            last_used_at as at, tool, host
       from secret_use where owner = $1 order by name, last_used_at desc`,
    [OWNER],
  );
  return new Map(
    rows.map(({ name, uses, at, tool, host }) => [
      name,
      { uses, last: { at: at.toISOString(), tool, host } },
    ]),
  );
}
