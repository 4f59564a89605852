import type { AnyActorRef } from 'xstate';
import type {
  CandidateFailure,
  ModelCallDesk,
  ModelCallEnd,
  ModelCallEvent,
} from '../../machines/model-call.ts';
import type { ModelFailure } from '../../src/core/journal.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { isTransient, type Model, type ModelAnswer } from '../../src/llm/index.ts';
import type { Breakers } from './breakers.ts';
import { nameOf, restingFailure, substituteNotices, toldFailure, waitText } from './told.ts';
import { outputLimit, type Question } from './worst-cost.ts';

/** What one call works with. */
export interface CallParts {
  /** Whom to ask, in this order. */
  readonly models: readonly [Model, ...Model[]];
  readonly question: Question;
  readonly breakers: Breakers;
  /** Resolves when it is this call's turn. */
  readonly takeSlot: (call: AnyActorRef) => Promise<void>;
  /** Takes what this model may cost from the budget, in place of what was taken before for this call. */
  readonly reserve: (model: Model) => Reservation | Promise<Reservation>;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onText: (text: string) => void;
  /** What was written is void: another attempt begins. */
  readonly onRestart: () => void;
  /** Why it takes longer, for the user. */
  readonly onProgress: (text: string) => void;
}

export type Reservation = Result<{ readonly warning?: string }, ModelFailure>;

/** How a call ended. */
export type CallOutcome = Result<AnsweredCall, ModelFailure>;

export interface AnsweredCall {
  readonly answer: ModelAnswer;
  readonly model: Model;
  readonly notices: readonly string[];
}

export const CANCELLED: CallOutcome = err({
  kind: 'interrupted',
  message: 'The call of the model was stopped.',
});

/** Everything of one call that its statechart may not see: the request, the models, the answer. */
export class CallDesk implements ModelCallDesk {
  /** Rejects where a step threw, or the call's actor was lost. */
  readonly outcome: Promise<CallOutcome>;
  /** Whether a model has begun to answer, and so cost something. */
  hasBegun = false;
  readonly #parts: CallParts;
  readonly #settle: PromiseWithResolvers<CallOutcome>;
  #attempt: AbortController | undefined;
  #answer: ModelAnswer | undefined;
  #warning: string | undefined;
  #lastKind: ModelFailure['kind'] = 'unavailable';

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.#settle = Promise.withResolvers();
    this.outcome = this.#settle.promise;
  }

  get candidates(): number {
    return this.#parts.models.length;
  }

  async takeSlot(_: number, call: AnyActorRef): Promise<ModelCallEvent> {
    await this.#parts.takeSlot(call);
    return { type: 'slot.taken' };
  }

  askBreaker(at: number, call: AnyActorRef): ModelCallEvent | Promise<ModelCallEvent> {
    const { breakers } = this.#parts;
    const { name } = this.#model(at);
    const answer = (restMs: number | undefined): ModelCallEvent => {
      if (restMs === undefined) return { type: 'candidate.ready' };
      const failure = restingFailure(name, restMs, breakers.stateOf(name).lastFailure);
      return { type: 'candidate.resting', failure };
    };
    const rest = breakers.restOf(name, call);
    return rest instanceof Promise ? rest.then(answer) : answer(rest);
  }

  reserve(at: number): ModelCallEvent | Promise<ModelCallEvent> {
    const reserved = this.#parts.reserve(this.#model(at));
    return reserved instanceof Promise
      ? reserved.then((one) => this.#reserved(one))
      : this.#reserved(reserved);
  }

  #reserved(reservation: Reservation): ModelCallEvent {
    if (!reservation.ok) return { type: 'budget.refused', failure: reservation.error };
    this.#warning = reservation.value.warning ?? this.#warning;
    return { type: 'budget.reserved' };
  }

  async callModel(at: number): Promise<ModelCallEvent> {
    const { question, breakers, onText, onRestart, random } = this.#parts;
    const model = this.#model(at);
    const attempt = new AbortController();
    this.#attempt = attempt;
    if (this.hasBegun) onRestart();
    const answer = await model.complete({
      ...question,
      ...(model.price && { maxOutputTokens: outputLimit(model, question) }),
      signal: attempt.signal,
      onText: (text) => {
        // What a given-up attempt still brings is nobody's any more.
        if (this.#attempt !== attempt) return;
        this.hasBegun = true;
        onText(text);
      },
    });
    if (this.#attempt === attempt) this.#attempt = undefined;
    if (answer.ok) {
      breakers.succeeded(model.name);
      this.#answer = answer.value;
      return { type: 'attempt.answered' };
    }
    const failure = answer.error;
    const transient = isTransient(failure);
    this.#lastKind = failure.kind;
    if (transient) breakers.failed(model.name, failure.message);
    return { type: 'attempt.failed', failure, transient, jitter: random() };
  }

  stopAttempt(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  tellWait({ at, waitMs }: { readonly at: number; readonly waitMs: number }): void {
    const { models, onProgress } = this.#parts;
    onProgress(waitText(nameOf(models, at), this.#lastKind, waitMs));
  }

  tellNext({ at }: { readonly at: number }): void {
    const { models, onProgress } = this.#parts;
    onProgress(`trying ${nameOf(models, at)}`);
  }

  finish(end: ModelCallEnd): void {
    this.#settle.resolve(this.#outcomeOf(end));
  }

  defect(thrown: unknown): void {
    this.stopAttempt();
    this.#settle.reject(thrown);
  }

  #outcomeOf(end: ModelCallEnd): CallOutcome {
    switch (end.kind) {
      case 'answered':
        return this.#answered(end.at, end.failures);
      case 'failed':
        return err(toldFailure(this.#parts.models, end.failures));
      case 'cancelled':
        return CANCELLED;
    }
  }

  #answered(at: number, failures: readonly CandidateFailure[]): CallOutcome {
    if (!this.#answer) throw new Error('a call was answered without an answer');
    const instead = substituteNotices(this.#parts.models, at, failures);
    const warnings = this.#warning === undefined ? [] : [this.#warning];
    return ok({ answer: this.#answer, model: this.#model(at), notices: [...warnings, ...instead] });
  }

  #model(at: number): Model {
    const model = this.#parts.models[at];
    if (!model) throw new Error(`there is no candidate ${at}`);
    return model;
  }
}
