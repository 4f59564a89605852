import { readFileSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { decodeFrame, encodeFrame, isRecord } from './frame.ts';
import type { Outcome } from './outcome.ts';

/**
 * The builder process: reads one job from its input, answers on file descriptor 3, ends. It runs with an empty
 * environment under Node's permission model, and may read nothing but its own program and the packages it builds
 * with (`process-rights.ts`). A component is never run here, only translated; the top level of a JavaScript tool is,
 * inside QuickJS inside WebAssembly.
 */
const ANSWER_FD = 3;

// The transpiler's own WASI shim starts a worker thread on Node, and a thread is a right this process does without.
// The shim for browsers has none and does for a transpiler that touches no files.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('@bytecodealliance/preview2-shim')
      ? next(specifier, { ...context, conditions: context.conditions.filter((name) => name !== 'node') })
      : next(specifier, context),
});

answer(await work());

async function work(): Promise<Outcome> {
  const job = decodeFrame(readFileSync(0));
  const [input] = job?.parts ?? [];
  if (!isRecord(job?.body) || input === undefined) throw new Error('the job is not a frame');
  // Loaded on demand: a build of a component has no right to load the addon that a build of JavaScript needs.
  if (job.body.kind === 'javascript') return (await import('./componentize.ts')).componentizeSource(input);
  return (await import('./translate.ts')).translate(input, job.body.limits);
}

function answer(outcome: Outcome): void {
  const { parts, ...body } = outcome;
  for (const piece of encodeFrame({ ...body }, parts)) writeAll(piece);
}

function writeAll(bytes: Uint8Array): void {
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(ANSWER_FD, bytes, sent);
}
