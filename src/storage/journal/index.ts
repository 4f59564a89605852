export {
  type ActorJournal,
  createActorStore,
  type OpenedJournal,
  openJournal,
  type Step,
} from './actor-journal.ts';
export {
  agentConversations,
  branchedConversation,
  type ConversationTraits,
  findConversations,
  newConversation,
  readTraits,
  recentConversations,
  renameConversation,
  setTitle,
  setWhileBusy,
} from './conversations.ts';
export { type DeadLetter, deadLetters, readDeadLetter } from './dead-letters.ts';
export { readEntries, readMarks } from './entries.ts';
export {
  acceptFirstStatement,
  acceptStatement,
  createInbox,
  type Inbox,
  keysWithWork,
  type OpenInput,
  openInputs,
} from './inbox.ts';
export { jsonText, storableText } from './json-text.ts';
export { markReplies, type OutboxRow, openReplies } from './outbox.ts';
export { OWN_CHANNELS } from './own-channels.ts';
export { searchEntries } from './search.ts';
export { tokensUsed } from './tokens-used.ts';
export { readTurn, readTurnBounds } from './turns.ts';
