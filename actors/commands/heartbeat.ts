import type { HeartbeatBeat, HeartbeatState } from '../../src/core/upkeep.ts';
import { wantBeat } from '../../src/heartbeat/index.ts';
import { createUpkeepDesk } from '../upkeep/desk.ts';
import { moment } from './moment.ts';
import type { CommandCall, CommandResult, SlashCommand } from './slash-command.ts';

export const heartbeat: SlashCommand = {
  name: 'heartbeat',
  group: 'work',
  usage: '[run]',
  about: 'when it looks by itself whether something needs attention; `run`: now',
  run: (call) => (call.argument === 'run' ? runNow(call) : stateOf(call)),
};

async function runNow({ env, entries }: CommandCall): Promise<CommandResult> {
  const { hasWork } = await createUpkeepDesk(env).heartbeat();
  if (!hasWork) return { text: NOTHING };
  // The same beat when the command is run again after a crash.
  const began = entries.findLast(({ type }) => type === 'turn.began');
  await env.database.commit([wantBeat(began ? Date.parse(began.at) : env.clock.now())]);
  env.hints.beatWanted();
  return { text: 'It looks. You hear of it where something needs your attention.' };
}

const NOTHING = 'HEARTBEAT.md asks for nothing. Tell the assistant what to look after.';

async function stateOf({ env }: CommandCall): Promise<CommandResult> {
  const state = await createUpkeepDesk(env).heartbeat();
  const beats = state.beats.map((beat) => `- ${beatLine(beat, env.settings.timezone)}`);
  return { text: [headline(state), ...beats].join('\n') };
}

function headline({ enabled, hasWork, when }: HeartbeatState): string {
  if (!enabled) return 'The heartbeat is switched off (`heartbeat.enabled`).';
  return hasWork ? `It looks ${when}.` : NOTHING;
}

const beatLine = ({ dueAt, state, detail }: HeartbeatBeat, timezone: string): string =>
  `${moment(dueAt, timezone)}: ${STATES[state]}${detail === null ? '' : ` (${detail})`}`;

const STATES = {
  wanted: 'wanted',
  claimed: 'under way',
  silent: 'nothing to say',
  told: 'told',
  failed: 'failed',
} as const;
