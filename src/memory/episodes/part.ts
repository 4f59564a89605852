import type { Origin, Route } from '../../core/journal.ts';
import type { Queryable } from '../../storage/index.ts';
import { storableOrigins } from '../origins.ts';

/** What was said in a conversation since it was last looked at. */
export interface Part {
  /** Those that count, oldest first. */
  readonly turns: readonly SaidTurn[];
  /** The last entry that was read; the conversation may have more. */
  readonly uptoSeq: number;
  /** Whose words, other than the user's, had a hand in any of the turns. */
  readonly origins: readonly Origin[];
}

export interface SaidTurn {
  readonly turnId: string;
  /** ISO 8601. */
  readonly at: string;
  /** The user's own words, each message's first 4,000 characters. */
  readonly said: readonly string[];
  /** What the assistant answered, the first 4,000 characters; empty where it did not. */
  readonly replied: string;
}

export interface PartQuestion {
  readonly conversationId: string;
  readonly fromSeq: number;
  readonly uptoSeq: number;
  /** Nothing from before is looked at. */
  readonly since: Date;
}

/** Entries that are read at once; a turn without tools has two that count. */
const MOST_ENTRIES = 500;

/**
 * Reads the part of a conversation between two entries. Left out are commands, turns that were taken back, that nobody
 * attended or that were an agent's, turns that were copied from the conversation that this one is a branch of, and
 * turns in which something had a hand that the user wants forgotten.
 *
 * Cost: at most 500 entries, of each message and answer 4,000 characters.
 */
export async function readPart(database: Queryable, question: PartQuestion): Promise<Part> {
  const { conversationId, fromSeq, uptoSeq, since } = question;
  const key = `session/${conversationId}`;
  const { rows } = await database.query<EntryRow>(ENTRIES, [key, fromSeq, uptoSeq, since, MOST_ENTRIES]);
  const whole = rows.length === MOST_ENTRIES ? upToReply(rows) : rows;
  const forgotten = await readForgotten(database);
  const turns = [...turnsIn(whole, conversationId).values()].filter((turn) => isTold(turn, forgotten));
  return {
    turns: turns.map(({ turnId, at, said, replied }) => ({ turnId, at, said, replied })),
    uptoSeq: rows.length === MOST_ENTRIES ? (whole.at(-1)?.seq ?? uptoSeq) : uptoSeq,
    origins: storableOrigins(turns.flatMap(({ origins }) => origins)),
  };
}

interface EntryRow extends Record<string, unknown> {
  readonly seq: number;
  readonly at: Date;
  readonly type: string;
  readonly turn_id: string | null;
  readonly route: Route | null;
  /** Nobody attended it, or it was an agent's. */
  readonly apart: boolean;
  readonly messages: readonly { readonly text: string; readonly origin: string | null }[] | null;
  readonly reply: string | null;
  readonly change: 'undo' | 'redo' | 'clear' | null;
  readonly turn_ids: readonly string[] | null;
  readonly origins: readonly Origin[] | null;
}

const ENTRIES = `
  select seq, at, type, payload ->> 'turnId' as turn_id, payload ->> 'route' as route,
         payload ? 'agent' or payload ? 'unattended' as apart,
         case when type in ('turn.began', 'turn.steered') then (
           select jsonb_agg(jsonb_build_object('text', left(m ->> 'text', 4000), 'origin', m -> 'origin') order by place)
             from jsonb_array_elements(payload -> 'messages') with ordinality as said (m, place)) end as messages,
         case when type = 'turn.replied' then left(payload ->> 'text', 4000) end as reply,
         payload ->> 'change' as change, payload -> 'turnIds' as turn_ids, payload -> 'origins' as origins
    from journal
   where actor_key = $1 and seq > $2 and seq <= $3 and at > $4
     and (type in ('turn.began', 'turn.steered', 'turn.replied', 'history.changed') or payload ? 'origins')
   order by seq limit $5`;

/** The last turn may go on in what was not read. */
function upToReply(rows: readonly EntryRow[]): readonly EntryRow[] {
  const end = rows.findLastIndex(({ type }) => type === 'turn.replied');
  return end < 0 ? rows : rows.slice(0, end + 1);
}

interface ReadTurn {
  readonly turnId: string;
  readonly at: string;
  readonly said: string[];
  replied: string;
  readonly origins: Origin[];
  /** It does not count. */
  isLeftOut: boolean;
}

function turnsIn(rows: readonly EntryRow[], conversationId: string): ReadonlyMap<string, ReadTurn> {
  const turns = new Map<string, ReadTurn>();
  for (const row of rows) {
    if (row.type === 'history.changed') take(turns, row);
    else if (row.turn_id !== null) read(turnOf(turns, row.turn_id, row, conversationId), row);
  }
  return turns;
}

/** A branch gives the turns that it copied ids that begin with its own. */
function turnOf(
  turns: Map<string, ReadTurn>,
  turnId: string,
  { at }: EntryRow,
  conversationId: string,
): ReadTurn {
  const known = turns.get(turnId);
  if (known) return known;
  const isLeftOut = turnId.startsWith(`${conversationId}/`);
  const turn = { turnId, at: at.toISOString(), said: [], replied: '', origins: [], isLeftOut };
  turns.set(turnId, turn);
  return turn;
}

function read(turn: ReadTurn, row: EntryRow): void {
  if (row.type === 'turn.began' && (row.apart || row.route === 'command')) turn.isLeftOut = true;
  for (const { text, origin } of row.messages ?? []) {
    if (origin === null) turn.said.push(text);
    else turn.origins.push(origin);
  }
  if (row.reply !== null) turn.replied = row.reply;
  turn.origins.push(...(row.origins ?? []));
}

/** What was cleared was said nevertheless; what was undone was not meant. */
function take(turns: ReadonlyMap<string, ReadTurn>, { change, turn_ids: turnIds }: EntryRow): void {
  if (change === 'clear') return;
  for (const turnId of turnIds ?? []) {
    const turn = turns.get(turnId);
    if (turn) turn.isLeftOut = change === 'undo';
  }
}

const isTold = ({ said, origins, isLeftOut }: ReadTurn, forgotten: ReadonlySet<string>): boolean =>
  !isLeftOut && said.length > 0 && !storableOrigins(origins).some((origin) => forgotten.has(origin));

async function readForgotten(database: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ name: string }>(
    "select name from memory_forgotten where kind = 'source'",
  );
  return new Set(rows.map(({ name }) => name));
}
