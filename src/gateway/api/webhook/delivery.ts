import { createHash } from 'node:crypto';
import type { WebhookAnswer, WebhookRequest } from '../../../core/api/webhook.ts';
import type { Inbound } from '../../../core/assistant.ts';
import { ok, type Result } from '../../../core/result.ts';
import { OWNER } from '../../../core/user.ts';
import { type Followed, followInput } from '../../turns/follow-input.ts';
import type { PartEnd, Question } from '../../turns/turn-part.ts';
import { removeAll, storeAttached } from '../chat/attached.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, invalid } from '../failure.ts';

const CHANNEL = 'webhook';

/** Takes messages in, and waits for replies where that is wanted. */
export interface Delivery {
  take(message: WebhookRequest, sent: Sent): Promise<Result<WebhookAnswer, ApiFailure>>;
}

/** As it arrived: what tells one message from another that says the same. */
interface Sent {
  readonly timestamp: string;
  readonly bytes: Buffer;
}

export function createDelivery(context: ApiContext): Delivery {
  const { limits } = context;
  let waiting = 0;

  async function waitFor(followed: Followed): Promise<PartEnd | undefined> {
    waiting++;
    try {
      return await endWithin(followed, limits.webhookWaitMs);
    } finally {
      waiting--;
      followed.leave();
    }
  }

  return {
    async take(message, sent) {
      const messageId = message.message_id ?? digest(`${sent.timestamp}.`, sent.bytes);
      const text = await textOf(context, message);
      if (!text.ok) return text;
      const { said, discard } = text.value;
      const inbound = inboundOf(message, messageId, said);
      const isWaited = message.wait_for_response === true && waiting < limits.webhookWaits;
      try {
        const taken = isWaited ? await followInput({ ...context, inbound }) : undefined;
        const { duplicate } = taken?.accepted ?? (await context.assistant.accept(inbound));
        if (duplicate) await discard();
        const end = taken && (await waitFor(taken));
        return ok({ message_id: messageId, thread_id: inbound.conversationId, ...answerOf(end) });
      } catch (error) {
        await discard();
        throw error;
      }
    },
  };
}

/** Undefined where it takes longer. The turn goes on. */
async function endWithin(followed: Followed, ms: number): Promise<PartEnd | undefined> {
  const done = Promise.withResolvers<PartEnd | undefined>();
  const timer = setTimeout(done.resolve, ms, undefined);
  followed.hear({
    onEvent(event) {
      if (event.type === 'ended') done.resolve(event.end);
    },
    onFailure: done.reject,
  });
  return done.promise.finally(() => clearTimeout(timer));
}

function answerOf(end: PartEnd | undefined): Pick<WebhookAnswer, 'status' | 'response'> {
  if (end === undefined) return { status: 'accepted' };
  if (end.kind === 'asked') return { status: 'approval_needed', response: waitsForOwner(end.question) };
  if (end.kind === 'refused') return { status: 'refused', response: end.reason };
  const { finish, text } = end;
  const isWhole = finish === 'answered' || finish === 'limited';
  return { status: isWhole ? 'completed' : finish, response: text };
}

const waitsForOwner = ({ tool, reason }: Question): string =>
  `${tool} waits for the owner's approval. ${reason}`;

interface Said {
  readonly said: string;
  /** Takes the attachments away again. */
  discard(): Promise<void>;
}

async function textOf(context: ApiContext, message: WebhookRequest): Promise<Result<Said, ApiFailure>> {
  const stored = await storeAttached(context, { attachments: message.attachments, images: [] });
  if (!stored.ok) return stored;
  const lines = stored.value.map(({ line }) => line);
  const said = [message.content, ...lines].filter((part) => part !== '').join('\n');
  if (said.trim() === '') return invalid('content', 'is empty');
  return ok({ said, discard: () => removeAll(stored.value) });
}

/** Whoever knows the secret speaks as the owner, unless the message says that somebody else does. */
function inboundOf(message: WebhookRequest, messageId: string, text: string): Inbound {
  const { user_id, thread_id } = message;
  const sender = user_id ?? OWNER;
  const isOwner = sender === OWNER;
  return {
    channel: CHANNEL,
    externalId: digest(`${sender}\n`, messageId),
    conversationId: isOwner ? (thread_id ?? CHANNEL) : strangersThread(sender, thread_id ?? ''),
    input: { type: 'message', text, mode: 'queue', ...(!isOwner && { origin: `${sender} (webhook)` }) },
  };
}

/** A stranger chooses among his own conversations, and comes into nobody else's. */
const strangersThread = (sender: string, thread: string): string =>
  `${CHANNEL}-${digest(`${sender}\n`, thread).slice(0, 24)}`;

function digest(first: string, second: string | Buffer): string {
  return createHash('sha256').update(first).update(second).digest('hex');
}
