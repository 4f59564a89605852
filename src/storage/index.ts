export type { Committed, Database, Queryable, Result, Row, Statement, Value } from './database.ts';
export { createDatabaseGate, type DatabaseGate } from './database-gate.ts';
export { type Home, openHome } from './home.ts';
export { acquireHomeLock, findHomeOwner } from './home-lock.ts';
export { type DatabaseOptions, openDatabase } from './open-database.ts';
export { readSetting, writeSetting } from './settings.ts';
