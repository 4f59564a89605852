import type { Input } from '../core/assistant.ts';
import type { RoutineGuardrails, RoutineTrigger } from '../core/routines.ts';
import { compilePattern, type Pattern } from '../hooks/index.ts';
import type { Database, Queryable, Statement } from '../storage/index.ts';
import { queueStatement, type WantedRun } from './queue-runs.ts';

/** Finds the messages that routines wait for. */
export interface MessageReader {
  /** Whether any routine waits for messages, as of the last `reload`. */
  readonly listens: boolean;
  /** Reads anew which routines there are. */
  reload(): Promise<void>;
  /** Looks through what was said since the last time. Resolves to how many runs were queued. */
  read(now: number): Promise<number>;
}

interface Listener {
  readonly id: string;
  readonly channel: string | null;
  readonly pattern: Pattern;
  readonly armedAt: number;
  readonly guardrails: RoutineGuardrails;
}

type Said = {
  readonly id: string;
  readonly channel: string;
  readonly payload: Input;
  readonly accepted_at: Date;
};

type ListenerRow = {
  readonly id: string;
  readonly trigger: RoutineTrigger;
  readonly guardrails: RoutineGuardrails;
  readonly armed_at: Date;
};

const PAGE = 200;
/** Rows that are looked at again, because two that were written at once may be seen in another order. */
const AGAIN = 32;
const AGAIN_MS = 60_000;
/** On these no user talks. */
const OTHERS: ReadonlySet<string> = new Set(['agent', 'job', 'routine', 'heartbeat']);

/**
 * Goes through the inbox by a cursor that is committed with the runs, so that each message is looked at whatever
 * happens to the process, and a run's id follows from its message, so that none starts anything twice.
 *
 * Cost: nothing where no routine waits for messages; else one query over the inbox's key, and each pattern over each
 * message.
 */
export function createMessageReader(database: Database): MessageReader {
  let listeners: readonly Listener[] = [];
  let seen = new Set<string>();
  return {
    get listens() {
      return listeners.length > 0;
    },
    async reload() {
      listeners = await readListeners(database);
    },
    async read(now) {
      if (listeners.length === 0) return 0;
      let queued = 0;
      for (;;) {
        const { rows } = await database.query<Said>(SAID, [AGAIN, PAGE + AGAIN, new Date(now - AGAIN_MS)]);
        const fresh = rows.filter(({ id }) => !seen.has(id));
        const last = fresh.at(-1);
        if (!last) return queued;
        const wanted = await wantedBy(listeners, fresh);
        await database.commit([
          { sql: ADVANCE, params: [last.id] },
          ...(wanted.length > 0 ? [queueStatement(wanted, now)] : []),
        ]);
        seen = new Set(rows.map(({ id }) => id));
        queued += wanted.length;
      }
    },
  };
}

/**
 * To be committed with a routine that waits for messages, before it is there: where it is the first, what was said
 * until now is nobody's business.
 */
export const startReading: Statement = {
  sql: `
    insert into routine_reader (inbox_id) select coalesce(max(id), '') from inbox
    on conflict (one) do update set inbox_id = excluded.inbox_id
     where not exists (select from routine where enabled and kind = 'event')`,
};

async function readListeners(database: Queryable): Promise<readonly Listener[]> {
  const { rows } = await database.query<ListenerRow>(LISTENING);
  const read = await Promise.all(
    rows.map(async ({ id, trigger, guardrails, armed_at }): Promise<Listener | undefined> => {
      if (trigger.kind !== 'event') return undefined;
      const pattern = await compilePattern(trigger.pattern);
      if (!pattern.ok) return undefined;
      return {
        id,
        guardrails,
        channel: trigger.channel,
        pattern: pattern.value,
        armedAt: armed_at.getTime(),
      };
    }),
  );
  return read.filter((listener) => listener !== undefined);
}

async function wantedBy(
  listeners: readonly Listener[],
  said: readonly Said[],
): Promise<readonly WantedRun[]> {
  const wanted: WantedRun[] = [];
  for (const one of said) {
    const text = ownWords(one);
    if (text === undefined) continue;
    for (const listener of listeners) {
      if (await isFor(listener, one, text)) wanted.push(wantedRun(listener, one, text));
    }
  }
  return wanted;
}

/** What the user said; neither the words of others nor what the assistant tells itself. */
function ownWords({ channel, payload }: Said): string | undefined {
  if (payload.type !== 'message' || payload.origin !== undefined || payload.agent) return undefined;
  return OTHERS.has(channel) ? undefined : payload.text;
}

async function isFor({ channel, armedAt, pattern }: Listener, one: Said, text: string): Promise<boolean> {
  if (channel !== null && channel !== one.channel) return false;
  return one.accepted_at.getTime() >= armedAt && pattern.fits(text);
}

function wantedRun({ id, guardrails }: Listener, one: Said, text: string): WantedRun {
  const start = text.replace(/\s+/g, ' ').trim();
  return {
    routineId: id,
    kind: 'event',
    key: `message ${one.id}`,
    cause: `message "${start.length > 60 ? `${start.slice(0, 59)}…` : start}"`,
    told: text,
    origins: [],
    causedBy: [],
    dedupSeconds: guardrails.dedupSeconds,
    patient: false,
    refusal: null,
  };
}

const LISTENING = `select id, trigger, guardrails, armed_at from routine where enabled and kind = 'event'`;

const SAID = `
  select i.id, i.channel, i.payload, i.accepted_at from inbox i
   where i.id > coalesce((
     select min(b.id) from (
       select id, accepted_at from inbox where id <= (select inbox_id from routine_reader)
        order by id desc limit $1::integer) b where b.accepted_at > $3::timestamptz),
     (select inbox_id from routine_reader), '')
   order by i.id limit $2::integer`;

/** Never back: two may look at once. */
const ADVANCE = `
  insert into routine_reader (inbox_id) values ($1::text)
  on conflict (one) do update set inbox_id = greatest(routine_reader.inbox_id, excluded.inbox_id)`;
