import type { Environment } from './environment.ts';
import type { Purpose } from './models/models.ts';

/** Whether a model can be asked: the rules that answer where none is set up are none. */
export async function hasModel({ models }: Pick<Environment, 'models'>, purpose: Purpose): Promise<boolean> {
  await models.ready();
  try {
    return models.chain(purpose)[0].name !== 'offline';
  } catch {
    return false;
  }
}
