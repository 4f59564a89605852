import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import type { JsonObject } from '../../core/json.ts';
import type { ProgressLimit } from '../supervisor/child-spec.ts';
import type {
  AnyDeclaration,
  AnyTypes,
  EffectActor,
  OpenEffect,
  Outcome,
  Rows,
  StepView,
} from './declaration.ts';
import type { Fact } from './process.ts';
import { atRest, type Move, type Request } from './statechart.ts';
import type { Crash, EffectClass, Entry, IntendedEffect, JournalRow, OutboxMessage, Step } from './store.ts';

export type MachineFact = Fact<EventObject> & Outcome<EventObject, JournalRow, unknown>;
export type AnyEffect = OpenEffect<AnyTypes['requests']>;

/** What one step writes, and the effects that it begins. */
export interface MachineStep extends Step<JournalRow, unknown> {
  readonly finished: readonly string[];
  readonly replies: readonly OutboxMessage[];
  readonly begun: ReadonlyMap<string, AnyEffect>;
  /** Nothing is stored, although it is not done. */
  readonly rests: boolean;
}

/** Where the actor stands before the step. */
export interface Standing {
  readonly key: string;
  readonly snapshot: AnyMachineSnapshot;
  /** The snapshot as it is stored; null where nothing is. */
  readonly stored: object | null;
  readonly open: ReadonlyMap<string, AnyEffect>;
  readonly scope: unknown;
}

/** Everything that follows from one fact, as one step. */
export function planStep(
  declaration: AnyDeclaration,
  fact: MachineFact,
  { next, requests }: Move,
  standing: Standing,
  firstSeq: number,
): MachineStep {
  const { key, open, scope } = standing;
  const view = { key, before: standing.snapshot.context, context: next.context, open, scope };
  const asked = requests.map((request, place) => ({ request, id: `${key}:${firstSeq}:${place}` }));
  const shares: readonly Rows<AnyTypes>[] = [
    declaration.rowsOf?.(fact.event, view) ?? {},
    { records: fact.records ?? [], writes: fact.writes ?? [] },
    ...asked.map(({ request, id }) => meaningOf(declaration, request).rows?.(request.params, view, id) ?? {}),
  ];
  const begun = new Map(asked.flatMap(({ request, id }) => begunBy(declaration, request, id)));
  const ended = [...(fact.effectId === undefined ? [] : [fact.effectId]), ...shares.flatMap(endedBy)];
  const done = next.status === 'done';
  const rests = restsIn(declaration, next);
  return checked({
    records: shares.flatMap(({ records = [] }) => records),
    snapshot: done || rests ? null : atRest(next),
    rests,
    intended: [...begun].map(([id, effect]) => intendedEffect(id, effect)),
    finished: done ? [...open.keys()] : ended,
    taken: declaration.inputsOf?.(fact.event) ?? [],
    replies: shares.flatMap(({ replies = [] }) => replies),
    writes: shares.flatMap(({ writes = [] }) => writes),
    begun,
  });
}

/** An event that the machine does not take: its inputs are put on record, its effect is over. */
export function planRefusal(declaration: AnyDeclaration, fact: MachineFact, standing: Standing): MachineStep {
  const taken = declaration.inputsOf?.(fact.event) ?? [];
  const rests = restsIn(declaration, standing.snapshot);
  return {
    ...refusals(declaration, taken, 'unexpected', standing.scope, fact.event),
    snapshot: rests ? null : standing.stored,
    rests,
    finished: fact.effectId === undefined ? [] : [fact.effectId],
    taken,
  };
}

/** A step is put aside, and the machine told by `event`. */
export function planParking(
  declaration: AnyDeclaration,
  parked: Crash,
  told: { readonly event: EventObject; readonly move: Move },
  standing: Standing,
  firstSeq: number,
): MachineStep {
  const step = planStep(declaration, { event: told.event }, told.move, standing, firstSeq);
  const finished = [...new Set([...step.finished, ...suspects(parked, standing)])];
  return { ...step, parked, finished, taken: [...(step.taken ?? []), ...parked.inputs] };
}

/** A step is put aside, and all that was in progress with it. */
export function planDiscard(
  declaration: AnyDeclaration,
  parked: Crash,
  { open, scope }: Standing,
): MachineStep {
  const taken = parked.inputs;
  const finished = [...open.keys()];
  const refused = refusals(declaration, taken, 'crashed', scope);
  return { ...refused, snapshot: null, rests: false, finished, taken, parked };
}

/** The declaration of a request. Throws where the machine asks for something that nobody has said the meaning of. */
export function meaningOf({ machine, requests }: AnyDeclaration, { type }: Pick<Request, 'type'>): Meaning {
  const meaning: Meaning | undefined = requests[type];
  if (!meaning)
    throw new Error(`"${machine.id}" asks for "${type}", and its declaration does not say what that is`);
  return meaning;
}

/** What a request may mean. */
export interface Meaning {
  readonly class?: EffectClass | ((params: unknown) => EffectClass);
  readonly progress?: ProgressLimit;
  rows?(params: unknown, step: AnyView, id: string): Rows<AnyTypes>;
  start?(params: unknown, effect: { readonly id: string; readonly scope: unknown }): EffectActor;
  prepare?(
    params: unknown,
    effect: { readonly id: string; readonly scope: unknown },
    coming: readonly Entry<JournalRow>[],
  ): void;
  unknown?(params: unknown, effect: { readonly id: string; readonly scope: unknown }): EventObject;
}

type AnyView = StepView<AnyStateMachine, AnyTypes>;

/** The effects to blame: the one whose outcome or death it was, or, where nothing else is known, any. */
function suspects({ effectId, inputs }: Crash, { open }: Standing): readonly string[] {
  if (effectId !== null) return [effectId];
  return inputs.length > 0 ? [] : [...open.keys()];
}

function restsIn({ rests }: AnyDeclaration, { status, value }: AnyMachineSnapshot): boolean {
  return status === 'active' && rests?.(value) === true;
}

function refusals(
  declaration: AnyDeclaration,
  inputs: readonly string[],
  why: 'unexpected' | 'crashed',
  scope: unknown,
  event?: EventObject,
): Pick<MachineStep, 'records' | 'replies' | 'writes' | 'begun'> {
  const rows = inputs.map((inboxId) => declaration.refused?.(inboxId, why, scope, event) ?? {});
  return {
    records: rows.flatMap(({ records = [] }) => records),
    replies: rows.flatMap(({ replies = [] }) => replies),
    writes: rows.flatMap(({ writes = [] }) => writes),
    begun: new Map(),
  };
}

function begunBy(
  declaration: AnyDeclaration,
  { type, params }: Request,
  id: string,
): readonly (readonly [string, AnyEffect])[] {
  const { start, class: effectClass = 'once' } = meaningOf(declaration, { type });
  if (!start) return [];
  return [[id, { kind: type, class: classOf(effectClass, params), params }]];
}

function classOf(declared: EffectClass | ((params: unknown) => EffectClass), params: unknown): EffectClass {
  return typeof declared === 'function' ? declared(params) : declared;
}

const endedBy = ({ ended = [] }: Rows<AnyTypes>): readonly string[] => ended;

function intendedEffect(id: string, { kind, class: effectClass, params }: AnyEffect): IntendedEffect {
  return { id, kind, class: effectClass, request: asJson({ type: kind, params }) };
}

/** What will be found in the store, so that an effect never sees more in its first life than in a later one. */
function asJson(request: { readonly type: string; readonly params: unknown }): JsonObject {
  return JSON.parse(JSON.stringify(request));
}

/** Effect ids are made from the number of a step's first entry, which without an entry belongs to the next step too. */
function checked(step: MachineStep): MachineStep {
  if (step.begun.size === 0) return step;
  const kinds = [...step.begun.values()].map(({ kind }) => kind).join(', ');
  if (step.records.length === 0) throw new Error(`a step that begins ${kinds} must record something`);
  if (step.snapshot === null) throw new Error(`a machine that is done or rests cannot begin ${kinds}`);
  return step;
}
