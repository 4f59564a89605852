import type { Clock } from '../../core/clock.ts';
import type { Connection } from './connection.ts';

/**
 * Does what PostgreSQL's background processes would, since an embedded database has none: checkpoints, without
 * which the log grows for ever and each start replays all of it, and vacuum, without which dead rows stay.
 */
export interface Upkeep {
  /** To be called after work was done. `idle`: nothing waits, so that taking a moment harms nobody. */
  afterWork(idle: boolean): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
const VACUUM_EVERY_MS = 60_000;
const MB = 1024 * 1024;
/** Replaying this much after a crash adds 0.1 s to the next start. */
const CHECKPOINT_AT_BYTES = 8 * MB;
/** Above this it cannot wait for an idle moment. */
const CHECKPOINT_AT_ONCE_BYTES = 32 * MB;

export function createUpkeep(connection: Connection, clock: Clock): Upkeep {
  let looked = clock.now();
  let vacuumed = looked;

  async function checkpoint(idle: boolean): Promise<void> {
    const limit = idle ? CHECKPOINT_AT_BYTES : CHECKPOINT_AT_ONCE_BYTES;
    if ((await firstNumber(connection, LOG_SINCE_CHECKPOINT)) < limit) return;
    await connection.run({ sql: 'checkpoint', params: [] });
  }

  return {
    async afterWork(idle) {
      const now = clock.now();
      if (now - looked < LOOK_EVERY_MS) return;
      looked = now;
      await checkpoint(idle);
      if (!idle || now - vacuumed < VACUUM_EVERY_MS) return;
      vacuumed = now;
      await vacuumWorst(connection);
    },
  };
}

/** One table a time: the next is found at the next look. */
async function vacuumWorst(connection: Connection): Promise<void> {
  // A session writes its counts down only now and then; those of this one are all there are.
  await connection.run({ sql: 'select pg_stat_force_next_flush()', params: [] });
  const { rows } = await connection.run({ sql: WORST_TABLE, params: [] });
  const table = rows[0]?.[0];
  if (table) await connection.run({ sql: `vacuum (analyze) ${table}`, params: [] });
}

async function firstNumber(connection: Connection, sql: string): Promise<number> {
  const { rows } = await connection.run({ sql, params: [] });
  return Number(rows[0]?.[0] ?? 0);
}

const LOG_SINCE_CHECKPOINT = 'select pg_current_wal_lsn() - redo_lsn from pg_control_checkpoint()';

/** Autovacuum's own thresholds, roughly; large values live in a toast table, counted with its owner. */
const WORST_TABLE = `
  select format('%I.%I', t.schemaname, t.relname)
    from pg_stat_user_tables t
    join pg_class c on c.oid = t.relid
    left join pg_stat_all_tables big on big.relid = c.reltoastrelid
   where t.n_dead_tup + coalesce(big.n_dead_tup, 0) > 1000 + 0.1 * t.n_live_tup
      or t.n_mod_since_analyze > 1000 + 0.1 * t.n_live_tup
   order by t.n_dead_tup + coalesce(big.n_dead_tup, 0) desc
   limit 1`;
