import type { RoutineGuardrails, RoutineTrigger, SystemEvent } from '../core/routines.ts';
import type { Queryable, Statement } from '../storage/index.ts';
import { queueStatement, type WantedRun } from './queue-runs.ts';

/** Of the events that the assistant emits itself. */
export const OWN_SOURCE = 'ironbark';

export interface Told {
  /** How many routines were waiting for it, and may start. */
  readonly count: number;
  readonly statements: readonly Statement[];
}

type Listener = {
  readonly id: string;
  readonly name: string;
  readonly trigger: RoutineTrigger;
  readonly guardrails: RoutineGuardrails;
};

/** Routines that led to one another; a chain that is longer than this is taken for a loop that looks different each time. */
const LONGEST_CHAIN = 8;

/**
 * What tells every routine that waits for an event. One that led to the event itself is not started, and its history
 * says so: it would start for ever.
 *
 * Cost: one query over a partial index of the routines that wait for something.
 *
 * @param key the same key is the same event
 */
export async function tellSystemEvent(
  database: Queryable,
  event: SystemEvent,
  key: string,
  now: number,
): Promise<Told> {
  const { rows } = await database.query<Listener>(LISTENING);
  const wanted = rows
    .filter(({ trigger }) => isWaitingFor(trigger, event))
    .map((listener) => wantedRun(listener, event, key));
  if (wanted.length === 0) return { count: 0, statements: [] };
  const count = wanted.filter(({ refusal }) => refusal === null).length;
  return { count, statements: [queueStatement(wanted, now)] };
}

function isWaitingFor(trigger: RoutineTrigger, { source, eventType, payload }: SystemEvent): boolean {
  if (trigger.kind !== 'system_event') return false;
  if (!isSame(trigger.source, source) || !isSame(trigger.eventType, eventType)) return false;
  return Object.entries(trigger.filters).every(
    ([field, value]) => Object.hasOwn(payload, field) && isSame(payload[field] ?? '', value),
  );
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function wantedRun({ id, name, guardrails }: Listener, event: SystemEvent, key: string): WantedRun {
  const { source, eventType, payload, origins, causedBy } = event;
  return {
    routineId: id,
    kind: 'system_event',
    key: `event ${key}`,
    cause: `event ${eventType} of ${source}`,
    told: JSON.stringify({ source, event_type: eventType, payload }, null, 1),
    origins,
    causedBy,
    dedupSeconds: guardrails.dedupSeconds,
    patient: false,
    refusal: refusalOf(id, name, causedBy),
  };
}

function refusalOf(id: string, name: string, causedBy: readonly string[]): string | null {
  if (causedBy.includes(id)) return `"${name}" led to this event itself, and would start for ever.`;
  if (causedBy.length >= LONGEST_CHAIN) return `${causedBy.length} routines led to one another before it.`;
  return null;
}

const LISTENING = `
  select id, name, trigger, guardrails from routine where enabled and kind = 'system_event' order by id`;
