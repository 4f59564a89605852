import { startModelServer } from '../src/llm/testing/openai-server.ts';

/**
 * The program of `startModelProcess`: answers every call, until its parent lets go of it. At once, or with so many words
 * and so many milliseconds between them.
 */
const [words = '0', dripMs = '0'] = process.argv.slice(2);
const text = words === '0' ? 'All right.' : 'word '.repeat(Number(words));
const fallback = { type: 'answer', text, dripMs: Number(dripMs) } as const;
const server = await startModelServer({ record: false, fallback });
process.send?.(server.url);
process.once('disconnect', () => process.exit(0));
