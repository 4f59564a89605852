import type { AuditEntry, AuditKind, AuditPage, AuditRecord } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import type { Database, Statement } from '../storage/index.ts';

export interface AuditLog {
  /** Lines that commit together with what they are about. */
  statements(records: readonly AuditRecord[]): readonly Statement[];
  /** Writes lines on their own. */
  write(records: readonly AuditRecord[]): Promise<void>;
  /** The latest lines, newest first. */
  latest(page: AuditPage): Promise<readonly AuditEntry[]>;
}

/** Cost: one row a line, about 300 bytes; read by primary key or by tool from the newest on. */
export function createAuditLog(database: Database, clock: Clock): AuditLog {
  const statements = (records: readonly AuditRecord[]): readonly Statement[] =>
    records.map((record) => insert(record, new Date(clock.now()).toISOString()));
  return {
    statements,
    async write(records) {
      const [first, ...rest] = statements(records);
      if (first) await database.commit([first, ...rest]);
    },
    latest: ({ limit, tool }) => latest(database, limit, tool),
  };
}

const MAX_MESSAGE_CHARACTERS = 2_000;

function insert({ kind, tool, conversationId, effectId, rule, message, detail }: AuditRecord, at: string) {
  return {
    sql: `insert into audit (at, kind, tool, conversation_id, effect_id, rule, message, detail)
          values ($1::text::timestamptz, $2, $3, $4, $5, $6, $7, $8::text::jsonb)`,
    params: [
      at,
      kind,
      tool,
      conversationId ?? null,
      effectId ?? null,
      rule ?? null,
      storable(message).slice(0, MAX_MESSAGE_CHARACTERS),
      JSON.stringify(detail ?? {}).replace(NOT_STORABLE, '\\ufffd'),
    ],
  };
}

/** The same as JSON writes it: as an escape. */
const NOT_STORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

interface AuditRow extends Record<string, unknown> {
  readonly id: number;
  readonly at: Date;
  readonly kind: AuditKind;
  readonly tool: string;
  readonly conversation_id: string | null;
  readonly effect_id: string | null;
  readonly rule: string | null;
  readonly message: string;
  readonly detail: JsonObject;
}

async function latest(database: Database, limit: number, tool: string | undefined) {
  const { rows } = await database.query<AuditRow>(
    `select id, at, kind, tool, conversation_id, effect_id, rule, message, detail from audit
     where $2::text is null or tool = $2 order by id desc limit $1`,
    [limit, tool ?? null],
  );
  return rows.map(toEntry);
}

function toEntry(row: AuditRow): AuditEntry {
  const { id, at, kind, tool, message, detail, rule } = row;
  return {
    id,
    at: at.toISOString(),
    kind,
    tool,
    message,
    detail,
    ...(rule !== null && { rule }),
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
    ...(row.effect_id !== null && { effectId: row.effect_id }),
  };
}
