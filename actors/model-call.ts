import { fromPromise } from 'xstate';
import type { Payer } from '../src/budget/index.ts';
import type { JournalRecord, ModelFailure, Origin } from '../src/core/journal.ts';
import type { ModelRequest } from '../src/llm/index.ts';
import { createStreamRedactor, type StreamRedactor, unitedOrigins } from '../src/safety/index.ts';
import type { Statement } from '../src/storage/index.ts';
import { askModel, type PaidAnswer } from './ask-model.ts';
import type { Environment } from './environment.ts';
import { hookedAnswer, hookedSystem, isWithheld } from './hooks.ts';
import type { TurnFact } from './turn-fact.ts';

export interface ModelCallInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  /** Made when the tools are known. */
  readonly request: () => Promise<TurnRequest> | TurnRequest;
  readonly payer: Payer;
  /** Told each piece of text as the model wrote it, so that an interrupted turn keeps what was written. */
  readonly onText: (text: string) => void;
  /** What was written so far is void: the model, or another one, begins anew. */
  readonly onRestart: () => void;
}

export interface TurnRequest extends Pick<ModelRequest, 'system' | 'messages' | 'tools'> {
  /** Whose words, other than the user's, are among the messages. */
  readonly origins: readonly Origin[];
  /** Committed with the outcome. */
  readonly records?: readonly JournalRecord[];
  readonly writes?: readonly Statement[];
  /** Nobody is asked: it would not fit, and what came earlier can still be summed up. */
  readonly tooLong?: true;
}

const TOO_LONG: ModelFailure = {
  kind: 'context-too-long',
  message: 'The conversation is longer than the model can read at once.',
};

/** One call of the language model. Stopping it aborts the call. */
export const modelCall = fromPromise<TurnFact, ModelCallInput>(async ({ input, signal }) => {
  const { env, conversationId, effectId, payer } = input;
  // A request is made for the model that is in use.
  await Promise.all([env.toolsReady, env.models.ready()]);
  const { origins, records = [], writes: noted = [], tooLong, ...request } = await input.request();
  const failed = (error: ModelFailure, writes: readonly Statement[] = []): TurnFact => {
    return { event: { type: 'model.failed', effectId, error }, records, writes: [...noted, ...writes] };
  };
  if (tooLong) return failed(TOO_LONG);
  const hooked = await hookedSystem(env, conversationId, request.system);
  if (!hooked.ok) return failed(hooked.error);
  const stream = createStream(input);
  const order = {
    effectId,
    payer,
    purpose: 'answer',
    request: { ...request, system: hooked.value.system, onText: stream.write },
    onRestart: stream.restart,
  } as const;
  const startedAt = env.clock.now();
  const { result, writes } = await askModel(env, order, signal);
  const durationMs = env.clock.now() - startedAt;
  stream.end();
  if (!result.ok) return failed(result.error, writes);
  const counted = await hookedAnswer(env, conversationId, result.value);
  if (!counted.ok) return failed(counted.error, writes);
  const { answer } = counted.value;
  const influence = unitedOrigins(origins, hooked.value.origins, counted.value.origins);
  const event = { ...completed(effectId, answer, influence), durationMs };
  return { event, records, writes: [...noted, ...writes] };
});

function completed(effectId: string, answer: PaidAnswer, origins: readonly Origin[]) {
  return { type: 'model.completed', effectId, ...answer, ...(origins.length > 0 && { origins }) } as const;
}

/** Shows what is being written to those who watch, without the user's secrets. */
function createStream({ env, conversationId, effectId, onText, onRestart }: ModelCallInput) {
  let redactor: StreamRedactor = createStreamRedactor(env.leaks);
  let offset = 0;
  const withheld = isWithheld(env);
  const tell = (text: string): void => {
    if (text === '' || withheld) return;
    env.feed.publish(conversationId, { type: 'delta', effectId, offset, text });
    offset += text.length;
  };
  return {
    write(piece: string): void {
      onText(piece);
      tell(redactor.push(piece));
    },
    /** The next piece stands at the beginning again, which tells readers to forget the others. */
    restart(): void {
      onRestart();
      redactor = createStreamRedactor(env.leaks);
      offset = 0;
    },
    end: (): void => tell(redactor.end()),
  };
}
