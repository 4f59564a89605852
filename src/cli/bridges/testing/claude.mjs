#!/usr/bin/env node
// Plays the program `claude`: prints what the real one prints with `--output-format stream-json`, as its words say.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const words = readFileSync(0, 'utf8');
const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const session_id = args.includes('--resume') ? after('--resume') : 'session-1';
const print = (message) => process.stdout.write(`${JSON.stringify({ ...message, session_id })}\n`);
const settings = JSON.parse(readFileSync(join(process.env.HOME, '.claude', 'settings.json'), 'utf8'));

appendFileSync(
  join(process.env.HOME, 'runs.jsonl'),
  `${JSON.stringify({ args, words, env: Object.keys(process.env), settings, cwd: process.cwd() })}\n`,
);
print({ type: 'system', subtype: 'init', model: after('--model'), tools: ['Bash'] });
if (words.includes('crash')) {
  process.stderr.write('Invalid API key\n');
  process.exit(1);
}
print({
  type: 'assistant',
  message: { role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature: 'x' }] },
});
print({
  type: 'assistant',
  message: {
    role: 'assistant',
    content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } }],
  },
});
print({
  type: 'user',
  message: {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'a.txt' }] }],
  },
});
if (words.includes('hang')) {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
} else {
  process.stdout.write('not a message\n{"type":"stream_event"}\n');
  print({
    type: 'assistant',
    message: { role: 'assistant', content: [{ type: 'text', text: `did: ${words}` }] },
  });
  if (words.includes('limit'))
    print({ type: 'result', subtype: 'error_max_turns', is_error: false, num_turns: 50 });
  else print({ type: 'result', subtype: 'success', is_error: false, result: `done: ${words}`, num_turns: 2 });
}
