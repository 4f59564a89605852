/** What can be typed with a slash, as `/help` lists it. A test holds it to the assistant's own list. */
export interface SlashCommand {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
}

const command = (name: string, usage: string, about: string): SlashCommand => ({ name, usage, about });

export const SLASH_COMMANDS: readonly SlashCommand[] = [
  command('undo', '[COUNT]', 'take back the last exchange, or the last COUNT'),
  command('redo', '[COUNT]', 'bring back what was undone'),
  command('retry', '', 'say the same again'),
  command('clear', '', 'forget this conversation so far'),
  command('compact', '', 'sum up what came earlier'),
  command('expand', '', 'take the last summary back'),
  command('context', '', 'what I read with each call, and how much fits'),
  command('title', 'TEXT', 'name this conversation'),
  command('mode', 'queue|steer|interrupt', 'what a message does while I work'),
  command('new', '[TITLE]', 'begin another conversation'),
  command('resume', '[ID or WORDS]', 'go on with another conversation'),
  command('branch', '[COUNT]', 'go on from here in a new conversation'),
  command('conversations', '', 'the latest conversations'),
  command('search', 'WORDS', 'find what was said'),
  command('plan', '[TASK]', 'plan first, change nothing before you approve'),
  command('agents', '', 'the helpers at work'),
  command('job', 'TEXT', 'have this done in the background'),
  command('status', '[JOB]', 'how the jobs stand'),
  command('list', '', 'the latest jobs'),
  command('cancel', 'JOB', 'stop a job'),
  command('memory', 'WORDS', 'find what I keep in memory'),
  command('routines', '', 'what I do by myself, and when'),
  command('routine', 'NAME [run|on|off|history]', 'one routine: its times; run it, turn it on or off'),
  command('heartbeat', '[run]', 'when I look by myself, or look now'),
  command('repair', '[TOOL]', 'the tools that fail, or repair one'),
  command('help', '[COMMAND]', 'what you can type'),
  command('tools', '[WORDS]', 'the tools I can use'),
  command('model', '[PROVIDER/MODEL]', 'the language model in use, or another one'),
  command('thinking', '[LEVEL]', 'how much the model thinks'),
  command('cost', '', 'what it has cost'),
  command('version', '', 'which Ironbark this is'),
  command('interrupt', '', 'stop what I am doing'),
  command('approve', '', 'allow what I asked for, once'),
  command('conversation', '', 'allow it in this conversation'),
  command('always', '', 'allow it from now on'),
  command('deny', '[REASON]', 'refuse it; say why if you like'),
];
