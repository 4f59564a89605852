import { IronbarkError } from '../../core/errors.ts';
import type { NewSecret, SecretsDesk, SecretsReport } from '../../core/secrets.ts';

/** A desk without a vault behind it: it keeps what it is told. */
export interface MemoryDesk extends SecretsDesk {
  readonly stored: Map<string, NewSecret>;
  report: SecretsReport;
  /** When set, the next change rejects with it. */
  failure: Error | undefined;
  rotations: number;
}

export function createMemoryDesk(): MemoryDesk {
  const desk: MemoryDesk = {
    stored: new Map(),
    report: { masterKey: { source: null, warning: null, problem: null }, secrets: [] },
    failure: undefined,
    rotations: 0,
    list: async () => desk.report,
    async set(secret) {
      refuse();
      desk.stored.set(secret.name, secret);
    },
    async delete(name) {
      refuse();
      if (!desk.stored.delete(name)) throw new IronbarkError('usage', `The vault has no secret "${name}".`);
    },
    async rotate() {
      refuse();
      desk.rotations++;
      return { secrets: desk.stored.size, source: 'home', advice: null };
    },
  };
  function refuse(): void {
    const { failure } = desk;
    desk.failure = undefined;
    if (failure) throw failure;
  }
  return desk;
}
