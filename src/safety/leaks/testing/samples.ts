/**
 * Made-up keys in the shape of real ones, one of each kind, and something of almost that shape. Built from parts, so
 * that no scanner takes this file for a leak.
 */
export interface Sample {
  readonly pattern: string;
  readonly secret: string;
  /** What stands around it where that belongs to the pattern; `@` marks the secret. */
  readonly context?: string;
  readonly nearMiss: string;
}

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LETTERS = `${UPPER}${UPPER.toLowerCase()}`;
const ALNUM = LETTERS + DIGITS;
const WORD = `${ALNUM}_`;
const HEX = `${DIGITS}abcdef`;

/** A small generator (Numerical Recipes, ranqd1): the same keys in every run. */
function createDraw(seed: number) {
  let state = seed;
  return (length: number, alphabet = ALNUM): string => {
    let text = '';
    while (text.length < length) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      text += alphabet.charAt((state >>> 8) % alphabet.length);
    }
    return text;
  };
}

const draw = createDraw(20_260_101);

const simple = (pattern: string, prefix: string, body: string, nearMiss?: string): Sample => ({
  pattern,
  secret: prefix + body,
  nearMiss: nearMiss ?? prefix + body.slice(0, 9),
});

const keyBlock = (label: string): string =>
  `-----BEGIN ${label}-----\n${draw(64)}\n${draw(64)}\n${draw(40)}==\n-----END ${label}-----`;

const pem = (pattern: string, label: string): Sample => ({
  pattern,
  secret: keyBlock(label),
  nearMiss: `-----BEGIN ${label}-----\n...\n-----END ${label}-----`,
});

export const SAMPLES: readonly Sample[] = [
  simple('openai_api_key', 'sk-', draw(48)),
  simple('openai_api_key', 'sk-proj-', `${draw(40)}_${draw(30)}`),
  simple('anthropic_api_key', 'sk-ant-api03-', `${draw(93)}AA`, `sk-ant-api03-${draw(20)}`),
  simple('anthropic_oauth_token', 'sk-ant-oat01-', draw(80), `sk-ant-oat01-${draw(20)}`),
  simple('openrouter_api_key', 'sk-or-v1-', draw(64, HEX), `sk-or-v1-${draw(12, HEX)}`),
  simple('aws_access_key', 'AKIA', draw(16, UPPER + DIGITS)),
  {
    pattern: 'aws_secret_access_key',
    secret: draw(40),
    context: 'aws_secret_access_key = @',
    nearMiss: `aws_secret_access_key = ${draw(12)}`,
  },
  simple('github_token', 'ghp_', draw(36), `ghp_${draw(20)}`),
  simple('github_fine_grained_pat', 'github_pat_', `${draw(22)}_${draw(59)}`, `github_pat_${draw(22)}`),
  simple('gitlab_token', 'glpat-', draw(20)),
  simple('stripe_api_key', 'sk_live_', draw(24)),
  simple('stripe_webhook_secret', 'whsec_', draw(32)),
  simple('nearai_session', 'sess_', draw(32)),
  pem('pem_private_key', 'RSA PRIVATE KEY'),
  pem('pem_private_key', 'PRIVATE KEY'),
  pem('pem_private_key', 'ENCRYPTED PRIVATE KEY'),
  pem('ssh_private_key', 'OPENSSH PRIVATE KEY'),
  pem('ssh_private_key', 'EC PRIVATE KEY'),
  pem('pgp_private_key', 'PGP PRIVATE KEY BLOCK'),
  {
    pattern: 'gcp_service_account',
    secret: JSON.stringify({ private_key: keyBlock('PRIVATE KEY') }).slice(2, -2),
    context: '{"type":"service_account","@"}',
    nearMiss: '{"private_key":"-----BEGIN PRIVATE KEY-----..."}',
  },
  simple('google_api_key', 'AIza', draw(35)),
  simple('google_oauth_secret', 'GOCSPX-', draw(28)),
  simple('google_oauth_token', 'ya29.', draw(60)),
  simple(
    'slack_token',
    'xoxb-',
    `${draw(12, DIGITS)}-${draw(12, DIGITS)}-${draw(24)}`,
    'xoxb-your-token-here',
  ),
  simple(
    'slack_webhook',
    'hooks.slack.com/services/',
    `T${draw(8, UPPER)}/B${draw(8, UPPER)}/${draw(24)}`,
    'hooks.slack.com/services/T/B/x',
  ),
  simple('twilio_api_key', 'SK', draw(32, HEX), `SK${draw(33, HEX)}`),
  simple('sendgrid_api_key', 'SG.', `${draw(22)}.${draw(43)}`, `SG.${draw(22)}.${draw(20)}`),
  simple('telegram_bot_token', `7${draw(9, DIGITS)}:AA`, draw(33, WORD), `12:AA${draw(33)}`),
  simple('groq_api_key', 'gsk_', draw(52)),
  simple('xai_api_key', 'xai-', draw(80)),
  simple('perplexity_api_key', 'pplx-', draw(48)),
  simple('replicate_api_token', 'r8_', draw(37)),
  simple('huggingface_token', 'hf_', draw(34)),
  simple('npm_token', 'npm_', draw(36)),
  simple('pypi_token', 'pypi-AgE', draw(100)),
  simple('docker_token', 'dckr_pat_', draw(27)),
  simple('digitalocean_token', 'dop_v1_', draw(64, HEX)),
  simple('shopify_token', 'shpat_', draw(32, HEX)),
  simple('linear_api_key', 'lin_api_', draw(40)),
  simple('notion_token', 'ntn_', draw(46)),
  simple('databricks_token', 'dapi', draw(32, HEX)),
  simple('vault_token', 'hvs.', draw(24)),
  simple('grafana_token', 'glsa_', `${draw(32)}_${draw(8, HEX)}`),
  simple('onepassword_token', 'ops_eyJ', draw(200)),
  simple('tailscale_key', 'tskey-auth-', `${draw(12)}-${draw(32)}`),
  simple('age_secret_key', 'AGE-SECRET-KEY-1', draw(58, UPPER + DIGITS)),
  {
    pattern: 'azure_storage_key',
    secret: `${draw(86)}==`,
    context: 'AccountName=store;AccountKey=@;EndpointSuffix=core.windows.net',
    nearMiss: `AccountKey=${draw(10)}`,
  },
  simple('azure_client_secret', `${draw(3)}8Q~`, draw(34), `${draw(3)}8Q~${draw(10)}`),
  {
    pattern: 'azure_sas_signature',
    secret: `${draw(43)}%3D`,
    context: 'https://store.blob.core.windows.net/c?sv=2024&sig=@',
    nearMiss: 'https://store.blob.core.windows.net/c?sv=2024&sig=none',
  },
  simple('discord_token', `MTA${draw(23)}.`, `${draw(6)}.${draw(38)}`, `MTA${draw(23)}.${draw(6)}`),
  simple(
    'discord_webhook',
    '/api/webhooks/',
    `${draw(18, '123456789')}/${draw(68)}`,
    '/api/webhooks/123456789012345678/x',
  ),
  simple('jwt', 'eyJhbGciOiJIUzI1NiJ9.', `eyJ${draw(40)}.${draw(43)}`, `eyJhbGciOiJIUzI1NiJ9.${draw(40)}`),
  {
    pattern: 'url_password',
    secret: draw(14),
    context: 'postgres://app:@@db.example.org:5432/app',
    nearMiss: 'postgres://postgres:postgres@localhost:5432/app',
  },
  {
    pattern: 'bearer_token',
    secret: draw(32),
    context: 'Bearer @',
    nearMiss: 'Bearer authentication-is-explained-below',
  },
  {
    pattern: 'auth_header',
    secret: draw(32),
    context: 'Authorization: Token @',
    nearMiss: 'Authorization: see the chapter below for everything',
  },
];

export const inContext = ({ secret, context = '@' }: Sample): string => context.replace('@', () => secret);
