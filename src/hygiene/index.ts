export { forgetConversation, forgottenConversations } from './old-conversations.ts';
export { MOST_ROWS, prunings } from './prunings.ts';
export type { HygieneSettings } from './settings.ts';
export { endUpkeep, lastUpkeep, takeUpkeep } from './upkeep.ts';
