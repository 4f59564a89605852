import type { ModelState, ModelsStatus, ThinkingChoice } from '../../src/core/models.ts';
import type { SlashCommand } from './slash-command.ts';

export const model: SlashCommand = {
  name: 'model',
  group: 'the assistant',
  usage: '[PROVIDER/MODEL|default]',
  about: 'the language model in use, or another one from now on',
  async run({ env: { models }, argument }) {
    if (argument === '') return { text: statusText(await models.desk.status()) };
    const status = await models.desk.use(argument);
    return { text: `From now on I use ${status.main[0]?.reference ?? argument}.` };
  },
};

const LEVELS: readonly ThinkingChoice[] = ['off', 'low', 'medium', 'high', 'default'];

export const thinking: SlashCommand = {
  name: 'thinking',
  group: 'the assistant',
  usage: `[${LEVELS.join('|')}]`,
  about: 'how much the model thinks before it answers',
  async run({ env: { models }, argument }) {
    if (argument === '') return { text: thinkingText(await models.desk.status()) };
    const level = LEVELS.find((known) => known === argument.toLowerCase());
    if (!level) return { text: `There is no such level. There are ${LEVELS.join(', ')}.` };
    return { text: thinkingText(await models.desk.setThinking(level)) };
  },
};

function statusText(status: ModelsStatus): string {
  const [first, ...others] = status.main;
  return [
    `Model: ${first ? stateText(first) : 'none'}`,
    others.length > 0 && `If it cannot answer: ${others.map(stateText).join(', ')}`,
    status.cheap.length > 0 && `For summaries and the like: ${status.cheap.map(stateText).join(', ')}`,
    thinkingText(status),
  ]
    .filter(Boolean)
    .join('\n');
}

/** A breaker is only worth mentioning where it is not closed. */
function stateText({ reference, state }: ModelState): string {
  return state === 'open' || state === 'halfOpen'
    ? `${reference} (left alone for now: it failed again and again)`
    : reference;
}

const thinkingText = ({ thinking: level }: ModelsStatus): string =>
  level === null ? 'Thinking: as the model is set up.' : `Thinking: ${level}`;
