import type { Command } from 'commander';
import { BeatReply, HeartbeatReply } from '../../core/api/upkeep.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { withApi } from '../reach.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
What it looks after stands in HEARTBEAT.md of memory; when, in the section [heartbeat] of config.toml.

Examples:
  echo "- [ ] bills that are due this week" | ironbark memory write HEARTBEAT.md -
  ironbark heartbeat status
  ironbark heartbeat run`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('When the assistant looks by itself whether something needs your attention.')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string): Command =>
    addGlobalOptions(command.command(name).description(description)).allowExcessArguments(false);

  const status = add('status', 'Shows when it looks, and what came of the latest times.');
  status.action(async () => {
    const settings = settingsOf(status, context.terminal);
    const state = await withApi(settings, context, (api) => api.get('/api/heartbeat', HeartbeatReply));
    printResult(context, settings, state, () => stateText(state));
    finish(0);
  });

  const run = add('run', 'Has it look now, also in quiet hours.');
  run.action(async () => {
    const settings = settingsOf(run, context.terminal);
    const answer = await withApi(settings, context, (api) => api.post('/api/heartbeat/run', BeatReply));
    printResult(context, settings, answer, () => answer.message);
    finish(0);
  });
}

function stateText({ enabled, has_work, when, beats }: HeartbeatReply): string {
  const lines = beats.map(({ due_at, state, detail }) =>
    `${due_at}  ${state.padEnd(7)}  ${detail ?? ''}`.trimEnd(),
  );
  return [headline(enabled, has_work, when), ...lines].join('\n');
}

function headline(enabled: boolean, hasWork: boolean, when: string): string {
  if (!enabled) return 'It is switched off: heartbeat.enabled = false.';
  return hasWork ? `It looks ${when}.` : `It would look ${when}, but HEARTBEAT.md asks for nothing.`;
}
