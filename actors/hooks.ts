import type { Inbound } from '../src/core/assistant.ts';
import { IronbarkError } from '../src/core/errors.ts';
import type { ModelFailure, Origin, ToolCall } from '../src/core/journal.ts';
import { isJsonObject, type Json, type JsonObject } from '../src/core/json.ts';
import { err, ok, type Result } from '../src/core/result.ts';
import type { HookEvent, HookPoint, HookVerdict } from '../src/hooks/index.ts';
import { rejectedArguments } from '../src/llm/index.ts';
import { unitedOrigins } from '../src/safety/index.ts';
import type { ToolOutput } from '../src/tools/index.ts';
import type { PaidAnswer } from './ask-model.ts';
import type { Environment } from './environment.ts';

type Hooking = Pick<Environment, 'hooks'>;
type Seen = Omit<HookEvent, 'point'>;

/** Asks the hooks at a point; where there are none, nothing is asked and nothing waits. */
async function ask({ hooks }: Hooking, point: HookPoint, seen: Seen): Promise<HookVerdict> {
  if (!hooks.any(point)) return { verdict: 'continue', text: seen.text, origins: [] };
  return hooks.run({ ...seen, point });
}

/** A message as the hooks let it in. Rejects with kind `usage` where one stops it. */
export async function hookedInbound(env: Hooking, inbound: Inbound): Promise<Inbound> {
  const { input, conversationId, channel } = inbound;
  if (input.type !== 'message' || input.agent || !env.hooks.any('inbound') || isCommand(input.text))
    return inbound;
  const verdict = await ask(env, 'inbound', { conversationId, channel, text: input.text });
  if (verdict.verdict === 'reject') {
    throw new IronbarkError('usage', verdict.reason, 'Say it differently, or change the hook in hooks.toml.');
  }
  const [origin] = verdict.origins;
  // Words that a server put in its place are not the user's any more.
  return { ...inbound, input: { ...input, text: verdict.text, ...(origin !== undefined && { origin }) } };
}

const isCommand = (text: string): boolean => /^\/[a-z]/i.test(text);

/** What the model is told before the conversation, as the hooks left it. */
export async function hookedSystem(
  env: Hooking,
  conversationId: string,
  system: string,
): Promise<Result<{ readonly system: string; readonly origins: readonly Origin[] }, ModelFailure>> {
  const verdict = await ask(env, 'before-model', { conversationId, text: system });
  return verdict.verdict === 'reject'
    ? err(stopped(verdict.reason))
    : ok({ system: verdict.text, origins: verdict.origins });
}

/** Whether a hook may change or stop what the model writes, so that nobody may see it grow. */
export const isWithheld = ({ hooks }: Hooking): boolean =>
  hooks.decides('transform') || hooks.decides('outbound');

interface HookedAnswer {
  readonly answer: PaidAnswer;
  readonly origins: readonly Origin[];
}

/** An answer of the model before it counts: its text, and the arguments of its calls. */
export async function hookedAnswer(
  env: Hooking,
  conversationId: string,
  answer: PaidAnswer,
): Promise<Result<HookedAnswer, ModelFailure>> {
  const transformed = await ask(env, 'transform', { conversationId, text: answer.text });
  if (transformed.verdict === 'reject') return err(stopped(transformed.reason));
  const calls = await Promise.all(answer.toolCalls.map((call) => hookedCall(env, conversationId, call)));
  const toolCalls = calls.map(({ call }) => call);
  const origins = unitedOrigins(transformed.origins, ...calls.map((one) => one.origins));
  const text = transformed.text;
  if (toolCalls.length > 0) return ok({ answer: { ...answer, text, toolCalls }, origins });
  const reply = await ask(env, 'outbound', { conversationId, text });
  if (reply.verdict === 'reject') return ok({ answer: { ...answer, text: reply.reason }, origins });
  return ok({ answer: { ...answer, text: reply.text }, origins: unitedOrigins(origins, reply.origins) });
}

async function hookedCall(env: Hooking, conversationId: string, call: ToolCall) {
  if (!env.hooks.any('before-tool')) return { call, origins: [] };
  const { tool } = call;
  const verdict = await ask(env, 'before-tool', {
    conversationId,
    tool,
    text: JSON.stringify(call.arguments),
  });
  if (verdict.verdict === 'reject') {
    return { call: { ...call, arguments: rejectedArguments(verdict.reason) }, origins: [] };
  }
  return { call: { ...call, arguments: parsed(verdict.text) }, origins: verdict.origins };
}

function parsed(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  return rejectedArguments('A hook made something of its arguments that is no JSON object.');
}

/** What a tool answered, as the hooks let the model read it. */
export async function hookedOutput(
  env: Hooking,
  about: { readonly conversationId: string; readonly tool: string },
  output: ToolOutput,
): Promise<ToolOutput> {
  const verdict = await ask(env, 'after-tool', { ...about, text: output.content });
  if (verdict.verdict === 'reject') return { ...output, ok: false, content: verdict.reason };
  const origins = unitedOrigins(output.origins, verdict.origins);
  return { ...output, content: verdict.text, ...(origins.length > 0 && { origins }) };
}

/** Tells the hooks that a conversation wakes or goes to rest. Nobody waits for them. */
export function tellHooks(
  env: Hooking,
  point: 'session-start' | 'session-end',
  conversationId: string,
): void {
  void ask(env, point, { conversationId, text: '' });
}

const stopped = (reason: string): ModelFailure => ({ kind: 'bad-response', message: reason });
