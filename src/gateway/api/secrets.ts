import type { FastifyInstance } from 'fastify';
import { DoneReply, SecretBody, SecretParams, SecretsReply } from '../../core/api/secrets.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { notFound } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'secrets';
/** The longest value, escaped. */
const BODY_LIMIT = 512 * 1024;
const DONE = { success: true } as const;

export function addSecrets(app: FastifyInstance, { assistant: { secrets } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/secrets',
    tag,
    summary: 'Names of secrets and how they were used; never a value.',
    answer: SecretsReply,
    async run() {
      const report = await secrets.list();
      return ok({
        master_key: report.masterKey,
        secrets: report.secrets.map(({ name, source, setAt, expiresAt, expired, uses, lastUse }) => ({
          name,
          source,
          set_at: setAt,
          expires_at: expiresAt,
          expired,
          uses,
          last_use: lastUse,
        })),
      });
    },
  });
  addRoute(app, {
    method: 'PUT',
    url: '/api/secrets/:name',
    tag,
    summary: 'Stores a secret, in place of the one that has this name. It cannot be read again.',
    params: SecretParams,
    body: SecretBody,
    bodyLimit: BODY_LIMIT,
    answer: DoneReply,
    run: ({ params: { name }, body: { value, expires_at } }) =>
      explained(async () => {
        await secrets.set({ name, value, ...(expires_at !== undefined && { expiresAt: expires_at }) });
        return DONE;
      }),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/secrets/:name',
    tag,
    summary: 'Removes a secret from the vault.',
    params: SecretParams,
    answer: DoneReply,
    async run({ params: { name } }) {
      const { secrets: known } = await secrets.list();
      const wanted = name.toLowerCase();
      if (!known.some((one) => one.source === 'vault' && one.name.toLowerCase() === wanted))
        return notFound(`The vault has no secret named ${name}.`);
      return explained(async () => {
        await secrets.delete(name);
        return DONE;
      });
    },
  });
}
