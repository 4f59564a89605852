import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import type { ModelOffer, ModelState, ModelsStatus, ModelTrial, ThinkingChoice } from '../../core/models.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
Examples:
  ironbark models
  ironbark models list anthropic
  ironbark models use anthropic/claude-sonnet-5-5
  ironbark models use default
  ironbark models test openai/gpt-6-luna
  ironbark models thinking high

What is chosen here counts from the next call on, and before configuration and environment, until "default".`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Shows which language models are asked, in which order, and how they have done lately.')
    .addHelpText('after', EXAMPLES)
    .action(() => showStatus(command, context, finish));
  const status = addGlobalOptions(command.command('status'));
  status.description('The same.').action(() => showStatus(status, context, finish));
  configureList(addGlobalOptions(command.command('list [provider]')), context, finish);
  configureUse(addGlobalOptions(command.command('use <model>')), context, finish);
  configureTest(addGlobalOptions(command.command('test [model]')), context, finish);
  configureThinking(addGlobalOptions(command.command('thinking <level>')), context, finish);
}

async function showStatus(command: Command, context: Context, finish: Finish): Promise<void> {
  const settings = settingsOf(command, context.terminal);
  const { table } = await import('../../repl/index.ts');
  const status = await withRunning(settings, context, (client) => client.models.status());
  printResult(context, settings, status, () => statusText(status, table));
  finish(0);
}

function configureList(command: Command, context: Context, finish: Finish): void {
  command
    .description('What a provider offers now; without its name, the provider in use.')
    .action(async (provider: string | undefined) => {
      const settings = settingsOf(command, context.terminal);
      const { table } = await import('../../repl/index.ts');
      const offers = await withRunning(settings, context, (client) => client.models.list(provider));
      printResult(context, settings, { models: offers }, () => offersText(offers, table));
      finish(0);
    });
}

function configureUse(command: Command, context: Context, finish: Finish): void {
  command
    .description('Another model from now on: PROVIDER/MODEL, a provider for its usual model, or "default".')
    .action(async (reference: string) => {
      const settings = settingsOf(command, context.terminal);
      const status = await withRunning(settings, context, (client) => client.models.use(reference));
      printResult(context, settings, status, () => `From now on: ${status.main[0]?.reference ?? ''}`);
      finish(0);
    });
}

function configureTest(command: Command, context: Context, finish: Finish): void {
  command
    .description('Asks a model for one word: whether its address, key and name are right.')
    .action(async (reference: string | undefined) => {
      const settings = settingsOf(command, context.terminal);
      const { plainText } = await import('../../repl/index.ts');
      const trial = await withRunning(settings, context, (client) => client.models.test(reference));
      printResult(context, settings, trial, () => plainText(trialText(trial)));
      finish(trial.failure ? 10 : 0);
    });
}

const LEVELS: readonly ThinkingChoice[] = ['off', 'low', 'medium', 'high', 'default'];

function configureThinking(command: Command, context: Context, finish: Finish): void {
  command
    .description(`How much models think before they answer: ${LEVELS.join(', ')}.`)
    .action(async (given: string) => {
      const settings = settingsOf(command, context.terminal);
      const level = LEVELS.find((known) => known === given);
      if (!level)
        throw new IronbarkError('usage', `There is no level "${given}".`, `There are ${LEVELS.join(', ')}.`);
      const status = await withRunning(settings, context, (client) => client.models.setThinking(level));
      printResult(context, settings, status, () => thinkingText(status));
      finish(0);
    });
}

type Table = (rows: readonly (readonly string[])[]) => string;

function statusText(status: ModelsStatus, table: Table): string {
  const rows = [
    ...status.main.map((model, at) => row(model, at === 0 ? 'answers' : 'when those before cannot')),
    ...status.cheap.map((model) => row(model, 'routing, summaries')),
  ];
  const { running, waiting, maxConcurrent } = status;
  return [
    table([['MODEL', 'FOR', 'STATE', 'LAST FAILURE'], ...rows]),
    status.chosen && 'The first one was chosen by you; "ironbark models use default" takes that back.',
    thinkingText(status),
    `Calls: ${running} of at most ${maxConcurrent} running, ${waiting} waiting`,
  ]
    .filter(Boolean)
    .join('\n');
}

function row({ reference, state, lastFailure }: ModelState, use: string): readonly string[] {
  return [reference, use, STATES[state] ?? state, lastFailure ?? ''];
}

const STATES: Readonly<Record<string, string>> = {
  unused: 'not asked yet',
  closed: 'well',
  open: 'left alone',
  halfOpen: 'tried again',
};

const thinkingText = ({ thinking }: ModelsStatus): string =>
  thinking === null ? 'Thinking: as each model is set up' : `Thinking: ${thinking}`;

function offersText(offers: readonly ModelOffer[], table: Table): string {
  if (offers.length === 0) return 'It offers no models.';
  const rows = offers.map(({ reference, title, contextTokens }) => [
    reference,
    contextTokens === null ? '' : String(contextTokens),
    title ?? '',
  ]);
  return table([['MODEL', 'TOKENS', 'TITLE'], ...rows]);
}

function trialText({ reference, ms, model, failure }: ModelTrial): string {
  return failure ? `${reference}: ${failure.message}` : `${reference} answered as ${model} in ${ms} ms.`;
}
