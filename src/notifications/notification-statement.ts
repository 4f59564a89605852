import type { Notification } from '../core/notifications.ts';
import type { Statement } from '../storage/index.ts';

/**
 * The row by which a notification is told, to be committed together with whatever makes it true. One whose key was
 * written before changes nothing.
 *
 * @param at milliseconds since the Unix epoch
 */
export function notificationStatement(notification: Notification, at: number): Statement {
  const { key, kind, from, text, conversationId, origins } = notification;
  return {
    sql: WRITE,
    params: [key, kind, from, text, conversationId, JSON.stringify(origins), new Date(at)],
  };
}

const WRITE = `
  insert into notification (key, kind, source, text, conversation_id, origins, at)
  values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text::jsonb, $7::timestamptz)
  on conflict (key) do nothing`;
