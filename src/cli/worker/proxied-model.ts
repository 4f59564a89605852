import { createHash } from 'node:crypto';
import type { ModelFailure } from '../../core/journal.ts';
import type { JobBrief, ModelLine, ModelQuestion } from '../../core/orchestrator.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Model, ModelAnswer, ModelRequest } from '../../llm/index.ts';
import type { OrchestratorClient } from '../../orchestrator/index.ts';

/** The language model as it is seen in a container: the assistant outside is asked, which has the keys and pays. */
export function proxiedModel(client: OrchestratorClient, { model }: JobBrief): Model {
  const { name, contextTokens, outputTokens, vision } = model;
  return {
    name,
    limits: { contextTokens, outputTokens, vision },
    // Whoever asks for it outside counts it.
    price: undefined,
    async complete(request) {
      try {
        const tell = teller(request);
        return answerOf(await client.complete(questionOf(request), tell, request.signal));
      } catch (thrown) {
        return err(failureOf(thrown, request.signal));
      }
    },
  };
}

/** What was told before a restart is not told again: the model outside may begin anew, we cannot unsay it. */
function teller({ onText = () => {} }: ModelRequest): (line: ModelLine) => void {
  let told = '';
  let said = '';
  return (line) => {
    if (line.type === 'restart') said = '';
    if (line.type !== 'text') return;
    said += line.text;
    if (!said.startsWith(told)) return;
    onText(said.slice(told.length));
    told = said;
  };
}

function questionOf({ system, messages, tools, thinking, maxOutputTokens }: ModelRequest) {
  const asked = {
    system,
    messages: messages.map(messageOf),
    tools: [...tools],
    ...(thinking && { thinking }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
  // Asked again after a crash, it is the same question.
  return { id: createHash('sha256').update(JSON.stringify(asked)).digest('hex'), ...asked };
}

type AskedMessage = ModelQuestion['messages'][number];

function messageOf(message: ModelRequest['messages'][number]): AskedMessage {
  if (message.role === 'assistant') return { ...message, toolCalls: [...message.toolCalls] };
  if (message.role === 'tool') return message;
  const { pictures, ...rest } = message;
  if (!pictures) return rest;
  const sent = pictures.map(({ mediaType, data }) => ({
    mediaType,
    base64: Buffer.from(data).toString('base64'),
  }));
  return { ...rest, pictures: sent };
}

function answerOf(
  line: Extract<ModelLine, { type: 'answer' | 'failed' }>,
): Result<ModelAnswer, ModelFailure> {
  if (line.type === 'failed') return err(line.error);
  const { type: _, ...answer } = line;
  return ok(answer);
}

function failureOf(thrown: unknown, signal: AbortSignal): ModelFailure {
  if (signal.aborted) return { kind: 'interrupted', message: 'It was interrupted.' };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    kind: 'unavailable',
    message: `The model could not be asked from inside the container: ${message}`,
  };
}
