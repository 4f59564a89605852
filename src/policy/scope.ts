import type { JsonObject } from '../core/json.ts';

/**
 * What an "always" given to this call would cover, in words for the user. Two calls of a tool with the same scope
 * are covered by the same grant. Every tool is granted as a whole today.
 */
export function scopeOf(_tool: string, _args: JsonObject): string {
  return 'any arguments';
}
