export {
  type ActorJournal,
  type CommittedStep,
  type IntendedEffect,
  type OpenedJournal,
  type OutboxReply,
  openJournal,
  type Step,
} from './actor-journal.ts';
export { readEntries } from './entries.ts';
export { createInbox, type Inbox, keysWithWork, type OpenInput, openInputs } from './inbox.ts';
export { jsonText, storableText } from './json-text.ts';
export { markReplies, type OutboxRow, openReplies } from './outbox.ts';
