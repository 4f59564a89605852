import type { AuditLog } from '../audit/index.ts';
import { OWNER } from '../core/user.ts';
import type { ApiToken, ApiTokenStore } from '../gateway/index.ts';
import type { Database } from '../storage/index.ts';

/** Tokens for programs, kept with the rest of the assistant's data. */
export function createApiTokenStore(database: Database, audit: AuditLog): ApiTokenStore {
  const line = (kind: 'token.created' | 'token.revoked', { name, prefix }: ApiToken) =>
    audit.statements([
      { kind, tool: '', user: OWNER, actor: 'gateway', message: `The API token "${name}" (${prefix}…).` },
    ]);
  return {
    async load() {
      const { rows } = await database.query<TokenRow>('select * from api_token order by created_at, id');
      return rows.map(fromRow);
    },
    async add(token) {
      const { id, name, prefix, hash, createdAt, expiresAt } = token;
      const insertion = {
        sql: `insert into api_token (id, name, prefix, hash, created_at, expires_at)
              values ($1, $2, $3, $4, $5::text::timestamptz, $6::text::timestamptz)`,
        params: [id, name, prefix, hash, isoOf(createdAt), expiresAt === null ? null : isoOf(expiresAt)],
      };
      await database.commit([insertion, ...line('token.created', token)]);
    },
    async remove(token) {
      const removal = { sql: 'delete from api_token where id = $1', params: [token.id] };
      await database.commit([removal, ...line('token.revoked', token)]);
    },
    async noteUse(id, at) {
      await database.query('update api_token set last_used_at = $2 where id = $1', [id, new Date(at)]);
    },
  };
}

type TokenRow = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
};

const isoOf = (at: number): string => new Date(at).toISOString();

const fromRow = (row: TokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  hash: row.hash,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at?.getTime() ?? null,
  lastUsedAt: row.last_used_at?.getTime() ?? null,
});
