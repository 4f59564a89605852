export { createAnswerStream } from './answer-stream.ts';
export { type Question, questionCard } from './cards.ts';
export type { Client, ConnectionState } from './client.ts';
export { readInput } from './input.ts';
export { createPlainText } from './plain-text.ts';
export { runRepl } from './repl.ts';
export { createStyle } from './style.ts';
export { approvalsText, auditText, conversationsText, grantsText, table } from './tables.ts';
export { treeText } from './tree-text.ts';
