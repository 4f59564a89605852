import type { Grant } from '../core/assistant.ts';
import type { JsonObject } from '../core/json.ts';
import type { Database, Statement } from '../storage/index.ts';
import type { Tool } from '../tools/index.ts';
import { scopeOf } from './scope.ts';

/** Decides whether a tool call may run, and keeps what the user allowed for good. */
export interface Policy {
  judge(request: PolicyRequest): Promise<PolicyDecision>;
  /** Stores an "always"; part of the commit that records the user's decision. Doing it again changes nothing. */
  grantStatement(grant: NewGrant): Statement;
  /** What is granted now, oldest first. */
  grants(): Promise<readonly Grant[]>;
  /** Takes a grant back at once. False where it was not in force. */
  revoke(grantId: string): Promise<boolean>;
}

export interface PolicyRequest {
  readonly tool: Tool;
  readonly arguments: JsonObject;
  readonly conversationId: string;
  /** Whether what the arguments were made from includes text from outside. What was granted does not cover that. */
  readonly tainted: boolean;
}

export type PolicyDecision =
  | { readonly verdict: 'allow' }
  | {
      readonly verdict: 'ask';
      /** What the call would do, for the person who decides. */
      readonly reason: string;
      readonly allowAlways: boolean;
    }
  | {
      readonly verdict: 'refuse';
      /** For the model: why, and what to do instead. */
      readonly reason: string;
    };

export interface NewGrant {
  readonly grantId: string;
  readonly tool: string;
  readonly scope: string;
  readonly approvalId: string;
  /** ISO 8601. */
  readonly at: string;
}

export function createPolicy(database: Database): Policy {
  const granted = createGrantedCache(database);
  return {
    async judge({ tool, arguments: args, tainted }) {
      const lacking = await tool.lacks?.();
      if (lacking !== undefined) return { verdict: 'ask', reason: lacking, allowAlways: false };
      if (tool.approval === 'never' && !(tainted && tool.effect !== 'pure')) return { verdict: 'allow' };
      const refusal = await tool.refusal?.(args);
      if (refusal !== undefined) return { verdict: 'refuse', reason: refusal };
      const grantable = tool.approval === 'unless-granted' && !tainted;
      if (grantable && (await granted.has(tool.name, scopeOf(tool.name, args)))) return { verdict: 'allow' };
      return { verdict: 'ask', reason: reasonFor(tool, args), allowAlways: grantable };
    },
    grantStatement,
    grants: () => liveGrants(database),
    async revoke(grantId) {
      const { rowCount } = await database.query(
        'update tool_grant set revoked_at = now() where id = $1 and revoked_at is null',
        [grantId],
      );
      granted.clear();
      return rowCount > 0;
    },
  };
}

/**
 * Remembers only what is granted, never what is not: a grant is thereby in force from the moment its commit is,
 * and a call that would be asked about costs one query, which is nothing beside the asking.
 */
function createGrantedCache(database: Database) {
  let known = new Set<string>();
  return {
    async has(tool: string, scope: string): Promise<boolean> {
      const key = `${tool}\n${scope}`;
      if (known.has(key)) return true;
      // A revocation during the query starts a new set, and what was read before it must not enter that one.
      const reading = known;
      const { rowCount } = await database.query(
        'select 1 from tool_grant where tool = $1 and scope = $2 and revoked_at is null',
        [tool, scope],
      );
      if (rowCount > 0) reading.add(key);
      return rowCount > 0;
    },
    clear(): void {
      known = new Set();
    },
  };
}

function grantStatement({ grantId, tool, scope, approvalId, at }: NewGrant): Statement {
  return {
    sql: `insert into tool_grant (id, tool, scope, approval_id, granted_at) values ($1, $2, $3, $4, $5)
          on conflict do nothing`,
    params: [grantId, tool, scope, approvalId, at],
  };
}

async function liveGrants(database: Database): Promise<readonly Grant[]> {
  const { rows } = await database.query<{ id: string; tool: string; scope: string; granted_at: Date }>(
    'select id, tool, scope, granted_at from tool_grant where revoked_at is null order by granted_at, id',
  );
  return rows.map(({ id, tool, scope, granted_at }) => ({
    grantId: id,
    tool,
    scope,
    grantedAt: granted_at.toISOString(),
  }));
}

function reasonFor(tool: Tool, args: JsonObject): string {
  return tool.summary?.(args) ?? `Run the tool ${tool.name}.`;
}
