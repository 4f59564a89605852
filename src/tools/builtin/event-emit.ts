import { z } from 'zod';
import type { RoutinesDesk } from '../../core/routines.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { textsOf } from './routine-definition.ts';

/** What the assistant itself tells of, and nobody else may. */
const OWN_SOURCE = 'ironbark';

export function eventEmitTool(desk: RoutinesDesk): Tool {
  return defineTool({
    name: 'event_emit',
    description: 'Tell routines that wait for it (system_event) that something happened.',
    schema: z.object({
      source: z.string().min(1).max(100),
      event_type: z.string().min(1).max(100),
      payload: z.looseObject({}).optional(),
    }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    targets: ({ source, event_type }) => [
      { argument: 'event_type', kind: 'recipient', value: `event ${source}/${event_type}` },
    ],
    content: ['payload'],
    summary: ({ source, event_type }) => `Tell routines of the event ${event_type} of ${source}.`,
    refusal: async ({ source }) => (isOwn(source) ? RESERVED : undefined),
    async run({ source, event_type, payload = {} }, context) {
      if (isOwn(source)) return { ok: false, content: RESERVED };
      const { origins, effectId } = context;
      const event = { source, eventType: event_type, payload: textsOf(payload), origins };
      const started = await desk.emit({ ...event, causedBy: causes(context) }, effectId);
      return { ok: true, content: startedText(started) };
    },
  });
}

const isOwn = (source: string): boolean => source.trim().toLowerCase() === OWN_SOURCE;

const RESERVED = `Events of the source "${OWN_SOURCE}" are the assistant's own. Use another source.`;

/** What led to it: the conversation of the run or job that this is, or is done for; else the routine. */
function causes({ conversationId, agent }: ToolContext): readonly string[] {
  const working = [conversationId, agent?.parentConversationId ?? ''].filter((id) =>
    /^(?:run|job)-/.test(id),
  );
  if (working.length > 0) return working;
  const within = agent?.purpose?.within;
  return within?.kind === 'routine' ? [within.id] : [];
}

function startedText(started: number): string {
  if (started === 0) return 'Nothing was started: no routine waits for that, or each was held back.';
  return started === 1 ? 'One routine was started.' : `${started} routines were started.`;
}
