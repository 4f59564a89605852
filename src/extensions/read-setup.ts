import { err, ok } from '../core/result.ts';
import { type Fields, readSection } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { Setup, SetupField, SetupSecret } from './manifest.ts';
import {
  readFlag,
  readList,
  readNumber,
  readProse,
  readRequired,
  readText,
  type TextRule,
} from './read-value.ts';
import { HTTPS_URL, SECRET_NAME, TOKEN } from './text-rules.ts';

/** Bytes of an automatic secret: the default is twice what cannot be guessed, the limit is ours. */
const AUTO_GENERATE = { fallback: 32, most: 256 };

export function readSetup(findings: Findings, place: Place | undefined): Setup | undefined {
  return readSection(findings, place, ({ take }) => ({
    secrets: [
      ...readList(findings, take('required_secrets'), (item) => readSecret(findings, item, false)),
      ...readList(findings, take('optional_secrets'), (item) => readSecret(findings, item, true)),
    ],
    fields: readList(findings, take('required_fields'), (item) => readField(findings, item)),
    secretConfigMappings: readList(findings, take('secret_config_mappings'), (item) =>
      readMapping(findings, item),
    ),
    validationEndpoint: readText(findings, take('validation_endpoint'), HTTPS_URL),
    setupUrl: readText(findings, take('setup_url'), HTTPS_URL),
  }));
}

function readSecret(findings: Findings, place: Place, optional: boolean): SetupSecret | undefined {
  return readSection(findings, place, ({ path, take }) => {
    const name = readRequired(findings, path, 'name', take('name'), SECRET_NAME);
    const rest = {
      prompt: readProse(findings, take('prompt')) ?? '',
      optional: readFlag(findings, take('optional'), optional),
      validation: readProse(findings, take('validation')),
      autoGenerateBytes: readAutoGenerate(findings, take('auto_generate')),
    };
    return name === undefined ? undefined : { name, ...rest };
  });
}

function readAutoGenerate(findings: Findings, place: Place | undefined): number | undefined {
  const read = ({ take }: Fields): number => readNumber(findings, take('length'), AUTO_GENERATE);
  return readSection(findings, place, read);
}

function readField(findings: Findings, place: Place): SetupField | undefined {
  return readSection(findings, place, ({ path, take }) => {
    const name = readRequired(findings, path, 'name', take('name'), TOKEN);
    const rest = {
      prompt: readProse(findings, take('prompt')) ?? '',
      optional: readFlag(findings, take('optional'), false),
      inputType: inputType(readText(findings, take('input_type'), INPUT_TYPE)),
      default: readProse(findings, take('default')),
      options: readList(findings, take('options'), (item) => readOption(findings, item)),
      settingPath: readText(findings, take('setting_path'), TOKEN),
    };
    return name === undefined ? undefined : { name, ...rest };
  });
}

const INPUT_TYPE: TextRule = (text) =>
  inputType(text) === text ? ok(text) : err('is not a type of input: text, password or select');

function inputType(text: string | undefined): SetupField['inputType'] {
  return text === 'password' || text === 'select' ? text : 'text';
}

function readOption(findings: Findings, place: Place): SetupField['options'][number] | undefined {
  return readSection(findings, place, ({ path, take }) => {
    const value = readRequired(findings, path, 'value', take('value'), TOKEN);
    const label = readProse(findings, take('label'));
    return value === undefined ? undefined : { value, label: label ?? value };
  });
}

function readMapping(findings: Findings, place: Place): Setup['secretConfigMappings'][number] | undefined {
  return readSection(findings, place, ({ path, take }) => {
    const configKey = readRequired(findings, path, 'config_key', take('config_key'), TOKEN);
    const secretName = readRequired(findings, path, 'secret_name', take('secret_name'), SECRET_NAME);
    return configKey === undefined || secretName === undefined ? undefined : { configKey, secretName };
  });
}
