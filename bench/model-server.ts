import { startModelServer } from '../src/llm/testing/openai-server.ts';

/** The program of `startModelProcess`: answers every call at once, until its parent lets go of it. */
const server = await startModelServer({ record: false, fallback: { type: 'answer', text: 'All right.' } });
process.send?.(server.url);
process.once('disconnect', () => process.exit(0));
