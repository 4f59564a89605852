import { z } from 'zod';
import { isJsonList, isJsonObject, type Json } from '../core/json.ts';
import type { SettingInfo } from '../core/settings.ts';
import { settingRules } from './schema.ts';

/** What a setting takes, for whoever shows a field for it. */
export type SettingShape = Pick<
  SettingInfo,
  'type' | 'choices' | 'minimum' | 'maximum' | 'integer' | 'description' | 'default'
>;

let shapes: ReadonlyMap<string, SettingShape> | undefined;

/** Of every setting, by its name. Made once, from the rules that check them. */
export function settingShapes(): ReadonlyMap<string, SettingShape> {
  shapes ??= new Map([...settingRules].map(([setting, rule]) => [setting, shapeOf(rule)]));
  return shapes;
}

function shapeOf(rule: z.ZodType): SettingShape {
  const schema = JSON.parse(JSON.stringify(z.toJSONSchema(rule, { unrepresentable: 'any', io: 'input' })));
  const described: Json = schema;
  if (!isJsonObject(described)) throw new Error('a rule is described by an object');
  const { type, description = '', default: usual = null, minimum, maximum } = described;
  const choices = described.enum;
  return {
    type: isJsonList(choices) ? 'choice' : typeOf(type),
    description: String(description),
    default: usual,
    ...(isJsonList(choices) && { choices: choices.map(String) }),
    ...(typeof minimum === 'number' && { minimum }),
    ...(typeof maximum === 'number' && { maximum }),
    ...(type === 'integer' && { integer: true }),
  };
}

function typeOf(type: Json | undefined): SettingShape['type'] {
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'boolean';
  return type === 'array' ? 'list' : 'text';
}
