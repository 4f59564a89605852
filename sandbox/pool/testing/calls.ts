import { createHash } from 'node:crypto';
import type { Artefact, CoreModule } from '../../artefact.ts';
import type { GuestCall, GuestHost } from '../index.ts';

/**
 * A component whose glue is the given JavaScript: the body of `execute(input)`, with `host` (the guest's imports),
 * `wasi` (looks up an interface), `link` and `module` in reach. Hostile glue is how a component would look that had
 * tricked the transpiler.
 */
export function scripted(body: string, modules: readonly CoreModule[] = []): Artefact {
  const glue = `let lives = 0;
    export function instantiate(module, imports, link) {
      const host = imports['near:agent/host'];
      const wasi = (name) => imports[name];
      return { tool: { async execute(input) { ${body} } } };
    }`;
  return { componentHash: hashOf(glue, modules), world: 'tool@0.4.1', glue, modules, imports: [] };
}

/** A component whose whole glue is the given JavaScript. */
export const withGlue = (glue: string): Artefact => ({
  componentHash: hashOf(glue, []),
  world: 'tool@0.4.1',
  glue,
  modules: [],
  imports: [],
});

function hashOf(glue: string, modules: readonly CoreModule[]): string {
  const hash = createHash('sha256').update(glue);
  for (const { bytes } of modules) hash.update(bytes);
  return hash.digest('hex');
}

/** Echoes the arguments of each call. */
export const ECHO: GuestHost = { call: (name, args) => Promise.resolve({ ok: [name, ...args] }) };

export function callOf(artefact: Artefact, rest: Partial<GuestCall> = {}): GuestCall {
  return {
    artefact,
    entry: 'execute',
    args: [],
    fuel: 500_000_000,
    deadlineMs: 20_000,
    host: ECHO,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** A host that tells when it is asked, and answers when it is told. */
export function heldHost() {
  const asked = Promise.withResolvers<readonly unknown[]>();
  const answer = Promise.withResolvers<unknown>();
  let stopped = false;
  const host: GuestHost = {
    async call(name, args, signal) {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      asked.resolve([name, ...args]);
      return { ok: String(await answer.promise) };
    },
  };
  return { host, asked: asked.promise, answer: answer.resolve, isStopped: () => stopped };
}
