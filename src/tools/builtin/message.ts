import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { MeantPlace, Messenger, Place } from '../messenger.ts';
import type { Target, Tool } from '../tool.ts';

const schema = z.object({
  content: z.string().min(1),
  conversation: z.string().default('').describe('id or title'),
  channel: z.string().default('').describe('its latest conversation'),
});

type Asked = z.output<typeof schema>;

/** Nobody but the user is told, so nobody is asked; under the influence of words from outside the policy asks anyway. */
export function messageTool(messenger: Messenger): Tool {
  return defineTool({
    name: 'message',
    description: 'Tell the user something in another conversation or channel. To answer here, just answer.',
    schema,
    effect: 'idempotent',
    approval: 'never',
    powers: ['sends'],
    targets: (asked) => targetsOf(asked),
    content: ['content'],
    aliases: { text: 'content', message: 'content', conversation_id: 'conversation' },
    summary: (asked) => `Tell the user in ${placeName(asked)}: ${asked.content.slice(0, 200)}`,
    async refusal(asked) {
      const place = await messenger.locate(meantBy(asked));
      return place.ok ? undefined : place.error;
    },
    async run(asked, { effectId, conversationId, origins }) {
      const place = await messenger.locate(meantBy(asked));
      if (!place.ok) return { ok: false, content: place.error };
      if (place.value.conversationId === conversationId) return { ok: false, content: HERE };
      await messenger.deliver({
        externalId: effectId,
        conversationId: place.value.conversationId,
        channel: place.value.channel,
        text: asked.content,
        from: `conversation ${conversationId}`,
        origins,
      });
      return { ok: true, content: `Told the user in ${nameOf(place.value)}.` };
    },
  });
}

const HERE = 'That is this conversation: the user reads your answer here anyway. Just answer.';

function meantBy({ conversation, channel }: Asked): MeantPlace {
  return { ...(conversation !== '' && { conversation }), ...(channel !== '' && { channel }) };
}

/** As the call names them: which conversation a title means may change, and a grant must not move with it. */
function targetsOf({ conversation, channel }: Asked): readonly Target[] {
  const named = { conversation, channel };
  return (['conversation', 'channel'] as const).flatMap((argument) =>
    named[argument] === '' ? [] : [{ argument, kind: 'recipient' as const, value: named[argument] }],
  );
}

function placeName({ conversation, channel }: Asked): string {
  return conversation === '' ? `the channel ${channel}` : `the conversation ${conversation}`;
}

const nameOf = ({ conversationId, title }: Place): string =>
  `the conversation "${title ?? conversationId}" (${conversationId})`;
