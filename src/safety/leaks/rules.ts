import type { Severity } from '../phrases.ts';
import type { HitKind, LeakAction } from './finding.ts';
import { isInvented, isRepetitive, isStandInPassword } from './invented.ts';
import { endOfPrivateKey } from './private-key.ts';

/** How one kind of secret is recognised once one of its literals was found. */
export interface LeakRule extends HitKind {
  /** Cheap to look for; every match contains one of them. At least three characters, ASCII. */
  readonly literals: readonly string[];
  /** Sticky. Its only group, if any, is the part that is random in a real key. */
  readonly pattern: RegExp;
  /** Which characters before the literal belong to a match, and how many at most. */
  readonly before: Before | undefined;
  /** Only the group is the secret; the rest around it may be shown. */
  readonly groupOnly: boolean;
  readonly isInvented: (group: string) => boolean;
  /** For what a pattern cannot bound: the end of the match, or undefined where it is none after all. */
  readonly endOf: (text: string, end: number) => number | undefined;
}

interface Before {
  readonly chars: RegExp;
  readonly most: number;
}

interface Description {
  readonly name: string;
  readonly literals: readonly string[];
  readonly pattern: string;
  readonly severity?: Severity;
  readonly action?: LeakAction;
  readonly before?: Before;
  readonly groupOnly?: boolean;
  /** How many characters of the group a real key has at least; only these show whether it is an example. */
  readonly sample?: number;
  readonly isInvented?: (group: string) => boolean;
  readonly endOf?: LeakRule['endOf'];
}

/**
 * The left edge of a key. Without it `task-…` would be `sk-…`; an escape counts as an edge although it ends in a
 * letter or digit.
 */
const EDGE = '(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}|\\\\[nrtbf]|\\\\u[0-9A-Fa-f]{4}))';
/** Between a name and its value, as in code, JSON, YAML, shells and query strings. */
const ASSIGNED = `["'\\\\]{0,2}\\s{0,4}(?:=>|:=|[:=])\\s{0,4}["'\\\\]{0,2}`;
const HEX_LITERALS = (prefix: string): readonly string[] =>
  [...'0123456789abcdefABCDEF'].map((digit) => prefix + digit);

/**
 * Every kind of secret that has a recognisable shape, the telling ones first. Shapes are from the issuers' own
 * documentation. To stay linear a pattern repeats without bound only at its end, where its class cannot contain
 * its own beginning, or behind an edge that its own text cannot hold.
 */
const DESCRIPTIONS: readonly Description[] = [
  {
    name: 'anthropic_api_key',
    literals: ['sk-ant-'],
    pattern: 'sk-ant-(?:api|admin|sid)([A-Za-z0-9_-]{80,})',
    sample: 80,
  },
  {
    name: 'anthropic_oauth_token',
    literals: ['sk-ant-'],
    pattern: 'sk-ant-o[ar]t\\d{2}-([A-Za-z0-9_-]{50,})',
    sample: 50,
  },
  { name: 'openrouter_api_key', literals: ['sk-or-v1-'], pattern: 'sk-or-v1-([A-Fa-f0-9]{40,})', sample: 40 },
  {
    name: 'openai_api_key',
    literals: ['sk-'],
    pattern: `${EDGE}sk-((?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20}|[A-Za-z0-9]{20})[A-Za-z0-9_-]*)`,
    sample: 20,
  },
  {
    name: 'aws_access_key',
    literals: ['AKIA', 'ASIA'],
    pattern: `${EDGE}A[KS]IA([0-9A-Z]{16})`,
    sample: 16,
    isInvented: isRepetitive,
  },
  {
    name: 'aws_secret_access_key',
    literals: ['ecret_access_key', 'ECRET_ACCESS_KEY', 'ecretAccessKey', 'ecret-access-key'],
    pattern: `[sS](?:ecret[_-]access[_-]key|ECRET_ACCESS_KEY|ecretAccessKey)${ASSIGNED}([A-Za-z0-9/+=]{40})`,
    before: { chars: /[sS]/, most: 1 },
    groupOnly: true,
    sample: 40,
  },
  {
    name: 'github_token',
    literals: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: 'gh[pousr]_([A-Za-z0-9_]{36,})',
    sample: 36,
  },
  {
    name: 'github_fine_grained_pat',
    literals: ['github_pat_'],
    pattern: 'github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})',
    sample: 82,
  },
  {
    name: 'gitlab_token',
    literals: ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-', 'gloas-', 'glagent-'],
    pattern: 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|oas|agent)-([A-Za-z0-9_-]{20,})',
    sample: 20,
  },
  {
    name: 'stripe_api_key',
    literals: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    pattern: '[sr]k_(?:live|test)_([A-Za-z0-9]{24,})',
    sample: 24,
  },
  {
    name: 'stripe_webhook_secret',
    literals: ['whsec_'],
    pattern: 'whsec_([A-Za-z0-9+/]{32,}=*)',
    sample: 32,
  },
  { name: 'nearai_session', literals: ['sess_'], pattern: `${EDGE}sess_([A-Za-z0-9]{32,})`, sample: 32 },
  {
    name: 'ssh_private_key',
    literals: ['-----BEGIN'],
    pattern: '-----BEGIN\\s{1,4}(?:OPENSSH|EC|DSA|SSH2 ENCRYPTED)\\s{1,4}PRIVATE\\s{1,4}KEY-----',
    endOf: endOfPrivateKey,
  },
  {
    name: 'pgp_private_key',
    literals: ['-----BEGIN'],
    pattern: '-----BEGIN\\s{1,4}PGP\\s{1,4}PRIVATE\\s{1,4}KEY\\s{1,4}BLOCK-----',
    endOf: endOfPrivateKey,
  },
  {
    name: 'gcp_service_account',
    literals: ['private_key'],
    pattern: `private_key${ASSIGNED}-----BEGIN\\s{1,4}(?:RSA\\s{1,4})?PRIVATE\\s{1,4}KEY-----`,
    endOf: endOfPrivateKey,
  },
  {
    name: 'pem_private_key',
    literals: ['-----BEGIN'],
    pattern: '-----BEGIN\\s{1,4}(?:[A-Z0-9]{1,12}\\s{1,4})?PRIVATE\\s{1,4}KEY-----',
    endOf: endOfPrivateKey,
  },
  {
    name: 'google_api_key',
    literals: ['AIza'],
    pattern: `${EDGE}AIza([0-9A-Za-z_-]{35})`,
    severity: 'high',
    sample: 35,
  },
  {
    name: 'google_oauth_secret',
    literals: ['GOCSPX-'],
    pattern: 'GOCSPX-([0-9A-Za-z_-]{28})',
    severity: 'high',
    sample: 28,
  },
  {
    name: 'google_oauth_token',
    literals: ['ya29.'],
    pattern: `${EDGE}ya29\\.([0-9A-Za-z_-]{30,})`,
    severity: 'high',
    sample: 30,
  },
  {
    name: 'slack_token',
    literals: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    pattern: '(?:xox[abeoprs]|xapp)-([0-9A-Za-z-]{10,})',
    severity: 'high',
    sample: 10,
    // Between the groups of digits stands a hyphen, and short ones need not hold many different characters.
    isInvented: (sample) => !/\d/.test(sample) || new Set(sample).size < 4,
  },
  {
    name: 'slack_webhook',
    literals: ['hooks.slack.com/'],
    pattern: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9_/]{30,})',
    severity: 'high',
    sample: 30,
  },
  {
    name: 'twilio_api_key',
    literals: HEX_LITERALS('SK'),
    pattern: `${EDGE}SK([A-Fa-f0-9]{32})(?![A-Za-z0-9])`,
    severity: 'high',
    sample: 32,
  },
  {
    name: 'sendgrid_api_key',
    literals: ['SG.'],
    pattern: 'SG\\.([A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43})',
    severity: 'high',
    sample: 66,
  },
  {
    name: 'telegram_bot_token',
    literals: [':AA'],
    pattern: '(?<!\\d)\\d{8,12}:AA([A-Za-z0-9_-]{30,})',
    before: { chars: /\d/, most: 12 },
    sample: 30,
  },
  { name: 'groq_api_key', literals: ['gsk_'], pattern: `${EDGE}gsk_([A-Za-z0-9]{30,})`, sample: 30 },
  { name: 'xai_api_key', literals: ['xai-'], pattern: `${EDGE}xai-([A-Za-z0-9]{60,})`, sample: 60 },
  { name: 'perplexity_api_key', literals: ['pplx-'], pattern: `${EDGE}pplx-([A-Za-z0-9]{40,})`, sample: 40 },
  { name: 'replicate_api_token', literals: ['r8_'], pattern: `${EDGE}r8_([A-Za-z0-9]{37,})`, sample: 37 },
  { name: 'huggingface_token', literals: ['hf_'], pattern: `${EDGE}hf_([A-Za-z0-9]{34,})`, sample: 34 },
  { name: 'npm_token', literals: ['npm_'], pattern: `${EDGE}npm_([A-Za-z0-9]{36,})`, sample: 36 },
  { name: 'pypi_token', literals: ['pypi-AgE'], pattern: 'pypi-AgE([A-Za-z0-9_-]{50,})', sample: 50 },
  {
    name: 'docker_token',
    literals: ['dckr_pat_', 'dckr_oat_'],
    pattern: 'dckr_[po]at_([A-Za-z0-9_-]{27,})',
    sample: 27,
  },
  {
    name: 'digitalocean_token',
    literals: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: 'do[opr]_v1_([a-f0-9]{64})',
    sample: 64,
  },
  {
    name: 'shopify_token',
    literals: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: 'shp(?:at|ca|pa|ss)_([A-Fa-f0-9]{32})',
    sample: 32,
  },
  { name: 'linear_api_key', literals: ['lin_api_'], pattern: 'lin_api_([A-Za-z0-9]{32,})', sample: 32 },
  { name: 'notion_token', literals: ['ntn_'], pattern: `${EDGE}ntn_([A-Za-z0-9]{40,})`, sample: 40 },
  {
    name: 'databricks_token',
    literals: ['dapi'],
    pattern: `${EDGE}dapi([a-f0-9]{32})(?![A-Za-z0-9])`,
    sample: 32,
  },
  {
    name: 'vault_token',
    literals: ['hvs.', 'hvb.'],
    pattern: `${EDGE}hv[sb]\\.([A-Za-z0-9_-]{24,})`,
    sample: 24,
  },
  {
    name: 'grafana_token',
    literals: ['glsa_', 'glc_'],
    pattern: `${EDGE}gl(?:sa|c)_([A-Za-z0-9+/_]{32,}=*)`,
    sample: 32,
  },
  {
    name: 'onepassword_token',
    literals: ['ops_eyJ'],
    pattern: `${EDGE}ops_eyJ([A-Za-z0-9+/_-]{100,}=*)`,
    sample: 100,
  },
  {
    name: 'tailscale_key',
    literals: ['tskey-'],
    pattern: `${EDGE}tskey-[a-z]{2,12}-([A-Za-z0-9-]{20,})`,
    sample: 20,
  },
  {
    name: 'age_secret_key',
    literals: ['AGE-SECRET-KEY-1'],
    pattern: 'AGE-SECRET-KEY-1([0-9A-Z]{58})',
    sample: 58,
  },
  {
    name: 'azure_storage_key',
    literals: ['AccountKey', 'SharedAccessKey'],
    pattern: `(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{43,86}={1,2})`,
    groupOnly: true,
    sample: 43,
  },
  {
    name: 'azure_client_secret',
    literals: ['7Q~', '8Q~'],
    pattern: '(?<![A-Za-z0-9_~.-])([A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34})(?![A-Za-z0-9_~.-])',
    before: { chars: /[A-Za-z0-9_~.]/, most: 3 },
    sample: 37,
  },
  {
    name: 'azure_sas_signature',
    literals: ['sig='],
    pattern: '(?<=[?&;]|&amp;)sig=([A-Za-z0-9+/%]{43,90}(?:=|%3[Dd]))',
    severity: 'high',
    action: 'redact',
    groupOnly: true,
    sample: 43,
  },
  {
    name: 'discord_token',
    literals: discordLiterals(),
    pattern:
      '(?<![A-Za-z0-9_-])[MNO][DTjz]([A-Za-z0-9_-]{22,26}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38})(?![A-Za-z0-9_-])',
    sample: 56,
  },
  {
    name: 'discord_webhook',
    literals: ['/api/webhooks/'],
    pattern: '/api/webhooks/\\d{15,22}/([A-Za-z0-9_-]{60,})',
    severity: 'high',
    sample: 60,
  },
  {
    name: 'jwt',
    literals: ['eyJ'],
    pattern: '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{8,}\\.([A-Za-z0-9_-]{16,})',
    severity: 'high',
    action: 'redact',
    sample: 16,
  },
  {
    name: 'url_password',
    literals: [
      'res://',
      'sql://',
      'odb://',
      'srv://',
      'dis://',
      'iss://',
      'mqp://',
      'qps://',
      'adb://',
      'ttp://',
      'tps://',
      'ftp://',
    ],
    pattern: `[a-z+]{0,4}?(?:postgres|postgresql|mysql|mssql|mongodb|mongodb\\+srv|mariadb|redis|rediss|amqp|amqps|https?|s?ftp)://[^\\s:/?#@"'<>{}]{0,80}:([^\\s/?#@"'<>{}]{3,200})(?=@)`,
    severity: 'high',
    action: 'redact',
    before: { chars: /[a-z+]/, most: 14 },
    groupOnly: true,
    isInvented: isStandInPassword,
  },
  {
    name: 'bearer_token',
    literals: ['Bearer', 'bearer', 'BEARER'],
    pattern: `${EDGE}(?:Bearer|bearer|BEARER)(?:\\s|%20|\\+){1,8}([A-Za-z0-9_.~+/-]{20,}=*)`,
    severity: 'high',
    action: 'redact',
    groupOnly: true,
    sample: 20,
  },
  {
    name: 'auth_header',
    literals: ['uthorization', 'UTHORIZATION'],
    pattern: `[aA](?:uthorization|UTHORIZATION)${ASSIGNED}(?:[A-Za-z]{2,20}\\s{1,8})?([A-Za-z0-9_.~+/-]{20,}=*)`,
    severity: 'high',
    action: 'redact',
    before: { chars: /[aA]/, most: 1 },
    groupOnly: true,
    sample: 20,
  },
];

export const LEAK_RULES: readonly LeakRule[] = DESCRIPTIONS.map((description, rank) => ({
  severity: 'critical',
  action: 'block',
  before: undefined,
  groupOnly: false,
  endOf: (_text, end) => end,
  ...description,
  rank,
  pattern: new RegExp(description.pattern, 'y'),
  isInvented: (group) => (description.isInvented ?? isInvented)(group.slice(0, description.sample)),
}));

/** A token begins with base64 of the digits of an id: of two and a part of the third character all are known. */
function discordLiterals(): readonly string[] {
  const third = [...'AEIMQUYcgk'];
  return [...'MNO'].flatMap((first) =>
    [...'DTjz'].flatMap((second) => third.map((char) => first + second + char)),
  );
}
