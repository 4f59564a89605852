import { cursorChannel } from '../actors/channels/cursor-channel.ts';
import type { Environment } from '../actors/environment.ts';
import { channelName } from '../actors/names.ts';
import { supervisor } from '../src/runtime/index.ts';
import { OWN_CHANNELS } from '../src/storage/journal/index.ts';

/**
 * Channels whose clients read the journal by cursor: browser, terminal and command line, programs that speak OpenAI's
 * protocol and those that send to the webhook, all through the gateway; and what waits for agents, jobs and routines.
 */
const CURSOR_CHANNELS = ['web', 'api', 'webhook', ...OWN_CHANNELS] as const;

/** Each adapter under its own supervisor, so that a bad channel uses up no budget but its own. */
export const channels = (env: Environment) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 3,
    period: 30,
    children: CURSOR_CHANNELS.map((channel) => ({
      id: channel,
      logic: adapter(env, channel),
      restart: 'transient',
    })),
  });

const adapter = (env: Environment, channel: string) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 60,
    children: [
      {
        id: 'adapter',
        name: channelName(channel),
        logic: cursorChannel,
        input: { env, channel },
        mailbox: { capacity: 10_000, keep: true },
        progress: { within: env.settings.hungAfterMs, by: 'mailbox' },
      },
    ],
  });
