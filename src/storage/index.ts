export type { Committed, Database, Queryable, Result, Row, Statement, Value } from './database.ts';
export { createDatabaseGate, type DatabaseGate } from './database-gate.ts';
export { type Home, openHome } from './home.ts';
export { acquireHomeLock, findHomeOwner } from './home-lock.ts';
export { jsonText, storableText } from './journal/json-text.ts';
export { isTalk } from './journal/own-channels.ts';
export { shardOf } from './journal/shard.ts';
export { type DatabaseOptions, openDatabase } from './open-database.ts';
export { readSetting, writeSetting } from './settings.ts';
