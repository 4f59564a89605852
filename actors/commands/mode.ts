import type { DeliveryMode } from '../../src/core/assistant.ts';
import { readTraits, setWhileBusy } from '../../src/storage/journal/index.ts';
import { saidMode } from '../while-busy.ts';
import type { SlashCommand } from './slash-command.ts';

export const mode: SlashCommand = {
  name: 'mode',
  group: 'this conversation',
  usage: 'queue|steer|interrupt',
  about: 'what a message does while I work',
  async run({ env, conversationId, argument }) {
    const chosen = saidMode(`/mode ${argument}`);
    if (chosen) return { text: MEANINGS[chosen], writes: [setWhileBusy(conversationId, chosen)] };
    const traits = await readTraits(env.database, conversationId);
    const now = traits?.whileBusy ?? env.settings.whileBusy;
    const others = Object.keys(MEANINGS).join('|');
    return { text: `${MEANINGS[now]} Change it with /mode ${others}.` };
  },
};

const MEANINGS: Readonly<Record<DeliveryMode, string>> = {
  queue: 'A message while I work waits until I am done (queue).',
  steer: 'A message while I work is seen with my next step (steer).',
  interrupt: 'A message while I work stops me, and I go on with it (interrupt).',
};
