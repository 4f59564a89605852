export type { Client, ConnectionState } from './client.ts';
export { readInput } from './input.ts';
export { createPlainText, plainText } from './plain-text.ts';
export { isOffered, type Question, questionCard, questionText } from './question.ts';
export { runRepl } from './repl.ts';
export { settledText } from './settled.ts';
export { createStyle } from './style.ts';
export { approvalsText, auditText, conversationsText, grantsText, hitsText, table } from './tables.ts';
export { treeText } from './tree-text.ts';
