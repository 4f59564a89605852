import { z } from 'zod';
import type { SecretEntry, SecretsDesk } from '../../core/secrets.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';

export function secretListTool(secrets: SecretsDesk): Tool {
  return defineTool({
    name: 'secret_list',
    description:
      'List the names of stored secrets (keys, tokens, passwords) and their last use; never values.',
    schema: z.object({}),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    async run() {
      const { secrets: entries, masterKey } = await secrets.list();
      const lines = entries.map(lineOf);
      const content = lines.length > 0 ? lines.join('\n') : 'No secrets are stored.';
      return { ok: true, content: [content, ...(masterKey.problem ? [masterKey.problem] : [])].join('\n') };
    },
  });
}

function lineOf({ name, source, setAt, expiresAt, expired, lastUse }: SecretEntry): string {
  const facts = [
    source === 'vault' ? `set ${setAt?.slice(0, 10) ?? 'at an unknown time'}` : 'from the environment',
    ...(expired ? ['expired'] : expiresAt === null ? [] : [`until ${expiresAt.slice(0, 10)}`]),
    lastUse ? `last sent by ${lastUse.tool} to ${lastUse.host} on ${lastUse.at.slice(0, 10)}` : 'never sent',
  ];
  return `${name}: ${facts.join(', ')}`;
}
