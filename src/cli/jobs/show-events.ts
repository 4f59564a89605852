import type { Command } from 'commander';
import { type Context, print, printResult, type Settings } from '../context.ts';
import { withApi } from '../reach.ts';
import { followJob, latestEvents } from './job-requests.ts';
import { eventText, STATE_WORDS, usageText } from './jobs-text.ts';
import { countOf } from './read-number.ts';

export interface EventFlags {
  readonly follow?: true;
  readonly limit: string;
}

export const describeEvents = (sub: Command): Command =>
  sub
    .option('-f, --follow', 'go on until the job has ended')
    .option('-n, --limit <count>', 'how many of the latest (1 to 1000)', '50');

/** Prints the latest events, and with `-f` those that follow until the job has ended, and what it takes meanwhile. */
export async function showEvents(
  id: string,
  { follow, limit }: EventFlags,
  settings: Settings,
  context: Context,
): Promise<undefined> {
  const show = (text: string): void => print(context.terminal.stdout, text);
  await withApi(settings, context, async (api) => {
    const latest = await latestEvents(api, id, countOf(limit, 1000));
    if (!follow) {
      printResult(context, settings, latest, () => latest.events.map(eventText).join('\n') || 'Nothing yet.');
      return;
    }
    const tell = (event: (typeof latest.events)[number]): void =>
      show(settings.json ? JSON.stringify(event) : eventText(event));
    for (const event of latest.events) tell(event);
    const state = latest.ended
      ? latest.state
      : await followJob(api, id, latest.events.at(-1)?.seq ?? 0, tell, (usage) => {
          if (!settings.json) show(usageText(usage));
        });
    if (!settings.json) show(`It is ${STATE_WORDS[state]}.`);
  });
  return undefined;
}
