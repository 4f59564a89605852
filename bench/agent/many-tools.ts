import type { Tool } from '../../src/tools/index.ts';

const SERVICES = [
  'calendar',
  'mail',
  'crm',
  'billing',
  'tickets',
  'wiki',
  'drive',
  'chat',
  'deploy',
  'metrics',
];
const VERBS = ['list', 'get', 'create', 'update', 'delete'];
const THINGS = [
  'event',
  'message',
  'contact',
  'invoice',
  'issue',
  'page',
  'file',
  'channel',
  'release',
  'alert',
];

/** So many tools that do nothing, each with a description and arguments of an ordinary size. */
export function manyTools(count: number): readonly Tool[] {
  const names = SERVICES.flatMap((service) =>
    VERBS.flatMap((verb) => THINGS.map((thing) => ({ service, verb, thing }))),
  );
  return names.slice(0, count).map(
    ({ service, verb, thing }): Tool => ({
      name: `${service}_${verb}_${thing}`,
      description: `${verb} a ${thing} of the user's ${service}; returns its id, title and state, newest first.`,
      parameters: {
        type: 'object',
        properties: {
          id: { type: 'string', description: `the ${thing}` },
          query: { type: 'string', description: 'words to look for' },
          limit: { type: 'integer', minimum: 1, maximum: 100 },
        },
      },
      effect: 'pure',
      approval: 'never',
      powers: ['reads-private'],
      timeoutMs: 1_000,
      execute: async () => ({ ok: true, content: 'nothing' }),
    }),
  );
}
