/** How a provider is spoken to. */
export type Protocol = 'openai-responses' | 'openai-chat' | 'anthropic-messages' | 'google-generative';

export type SettingField = 'apiKey' | 'baseUrl' | 'model';

/** A service that serves models: its address, its key and its habits. */
export interface Provider {
  /** For people, at the beginning of a sentence. */
  readonly label: string;
  readonly protocol: Protocol;
  /** Environment variables, which are also names of secrets in the vault; the first that is set counts. */
  readonly variables: Readonly<Record<SettingField, readonly [string, ...string[]]>>;
  /** Without a slash at its end; the protocol's own paths are appended. Undefined: the user names it. */
  readonly baseUrl: string | undefined;
  /** Used where none is named. */
  readonly model: string;
  readonly keyRequired: boolean;
  /** What, set in the environment, is enough to choose it. Some keys are commonly there for other purposes. */
  readonly chosenBy: readonly ('apiKey' | 'baseUrl')[];
  /** Models that take `reasoning_effort`; others refuse a request that holds it. Of `openai-chat` alone. */
  readonly effortModels: RegExp | undefined;
  /**
   * Whether thinking is switched by `thinking: {type}`, and is refused in a conversation with tool calls unless the
   * thoughts that led to them come back with them, which are not kept here. Of `openai-chat` alone.
   */
  readonly thinkingSwitch: boolean;
}

export type ProviderName = keyof typeof TABLE;

type Hosted = Pick<Provider, 'label' | 'model'> &
  Partial<Omit<Provider, 'label' | 'model' | 'baseUrl' | 'variables'>> & {
    readonly baseUrl: string;
    /** What the names of its variables begin with: `GROQ` has `GROQ_API_KEY`, `GROQ_BASE_URL`, `GROQ_MODEL`. */
    readonly prefix: string;
    readonly keys?: readonly string[];
  };

function hosted({ prefix, keys = [], ...provider }: Hosted): Provider {
  return {
    protocol: 'openai-chat',
    keyRequired: true,
    chosenBy: ['apiKey'],
    effortModels: undefined,
    thinkingSwitch: false,
    variables: {
      apiKey: [`${prefix}_API_KEY`, ...keys],
      baseUrl: [`${prefix}_BASE_URL`],
      model: [`${prefix}_MODEL`],
    },
    ...provider,
  };
}

/** A server on the user's own machine, which asks for no key. */
function local(provider: Hosted): Provider {
  return hosted({ keyRequired: false, chosenBy: ['baseUrl'], ...provider });
}

/**
 * All of them, in the order in which what is set in the environment chooses among them. Addresses are those of each
 * provider's own documentation; default models are a capable one of each provider's list in November 2026.
 */
const TABLE = {
  'openai-compatible': {
    label: 'The model server',
    protocol: 'openai-chat',
    variables: {
      apiKey: ['IRONBARK_LLM_API_KEY', 'LLM_API_KEY'],
      baseUrl: ['IRONBARK_LLM_BASE_URL', 'LLM_BASE_URL'],
      model: ['IRONBARK_LLM_MODEL', 'LLM_MODEL'],
    },
    baseUrl: undefined,
    // Servers of a single model answer to any name; the others say in their answer that they want one.
    model: 'default',
    keyRequired: false,
    chosenBy: ['baseUrl'],
    effortModels: undefined,
    thinkingSwitch: false,
  },
  openai: hosted({
    label: 'OpenAI',
    prefix: 'OPENAI',
    protocol: 'openai-responses',
    chosenBy: ['apiKey', 'baseUrl'],
    baseUrl: 'https://api.openai.com/v1',
    model: 'gpt-6-luna',
  }),
  anthropic: hosted({
    label: 'Anthropic',
    prefix: 'ANTHROPIC',
    protocol: 'anthropic-messages',
    baseUrl: 'https://api.anthropic.com/v1',
    model: 'claude-sonnet-5-5',
  }),
  ollama: {
    label: 'Ollama',
    protocol: 'openai-chat',
    variables: { apiKey: ['OLLAMA_API_KEY'], baseUrl: ['OLLAMA_HOST'], model: ['OLLAMA_MODEL'] },
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: 'qwen3',
    keyRequired: false,
    chosenBy: ['baseUrl'],
    effortModels: /gpt-oss|qwen3|deepseek|magistral/,
    thinkingSwitch: false,
  },
  google: hosted({
    label: 'Google',
    prefix: 'GEMINI',
    keys: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_API_KEY'],
    protocol: 'google-generative',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    model: 'gemini-3.8-flash',
  }),
  openrouter: hosted({
    label: 'OpenRouter',
    prefix: 'OPENROUTER',
    baseUrl: 'https://openrouter.ai/api/v1',
    model: 'anthropic/claude-sonnet-5.5',
    effortModels: /./,
  }),
  groq: hosted({
    label: 'Groq',
    prefix: 'GROQ',
    baseUrl: 'https://api.groq.com/openai/v1',
    model: 'openai/gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  mistral: hosted({
    label: 'Mistral',
    prefix: 'MISTRAL',
    baseUrl: 'https://api.mistral.ai/v1',
    model: 'mistral-medium-latest',
  }),
  deepseek: hosted({
    label: 'DeepSeek',
    prefix: 'DEEPSEEK',
    baseUrl: 'https://api.deepseek.com/v1',
    model: 'deepseek-flash',
    thinkingSwitch: true,
  }),
  together: hosted({
    label: 'Together',
    prefix: 'TOGETHER',
    keys: ['TOGETHER_AI_API_KEY'],
    baseUrl: 'https://api.together.xyz/v1',
    model: 'openai/gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  fireworks: hosted({
    label: 'Fireworks',
    prefix: 'FIREWORKS',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    model: 'accounts/fireworks/models/gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  xai: hosted({
    label: 'xAI',
    prefix: 'XAI',
    baseUrl: 'https://api.x.ai/v1',
    model: 'grok-4.6',
    effortModels: /grok-4\.[3-9]/,
  }),
  cerebras: hosted({
    label: 'Cerebras',
    prefix: 'CEREBRAS',
    baseUrl: 'https://api.cerebras.ai/v1',
    model: 'gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  nvidia: hosted({
    label: 'NVIDIA',
    prefix: 'NVIDIA',
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    model: 'openai/gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  moonshot: hosted({
    label: 'Moonshot',
    prefix: 'MOONSHOT',
    baseUrl: 'https://api.moonshot.ai/v1',
    // Its newer ones think always, and want their thoughts back.
    model: 'kimi-k2.6',
    thinkingSwitch: true,
  }),
  zai: hosted({
    label: 'Z.ai',
    prefix: 'ZAI',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    model: 'glm-5',
    thinkingSwitch: true,
  }),
  minimax: hosted({
    label: 'MiniMax',
    prefix: 'MINIMAX',
    baseUrl: 'https://api.minimax.io/v1',
    model: 'MiniMax-M2.5',
  }),
  venice: hosted({
    label: 'Venice',
    prefix: 'VENICE',
    baseUrl: 'https://api.venice.ai/api/v1',
    model: 'zai-org-glm-5',
  }),
  sambanova: hosted({
    label: 'SambaNova',
    prefix: 'SAMBANOVA',
    baseUrl: 'https://api.sambanova.ai/v1',
    model: 'gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  deepinfra: hosted({
    label: 'DeepInfra',
    prefix: 'DEEPINFRA',
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    model: 'openai/gpt-oss-120b',
    effortModels: /gpt-oss/,
  }),
  huggingface: hosted({
    label: 'Hugging Face',
    prefix: 'HUGGINGFACE',
    keys: ['HF_TOKEN'],
    baseUrl: 'https://router.huggingface.co/v1',
    model: 'openai/gpt-oss-120b',
    effortModels: /gpt-oss/,
    chosenBy: [],
  }),
  'lm-studio': local({
    label: 'LM Studio',
    prefix: 'LM_STUDIO',
    baseUrl: 'http://127.0.0.1:1234/v1',
    model: 'default',
  }),
  'llama-cpp': local({
    label: 'llama.cpp',
    prefix: 'LLAMA_CPP',
    baseUrl: 'http://127.0.0.1:8080/v1',
    model: 'default',
  }),
  vllm: local({ label: 'vLLM', prefix: 'VLLM', baseUrl: 'http://127.0.0.1:8000/v1', model: 'default' }),
} as const satisfies Record<string, Provider>;

export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = TABLE;

/** In the order of the table. */
export const PROVIDER_NAMES: readonly ProviderName[] = Object.keys(TABLE).filter(isProviderName);

export function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(TABLE, name);
}
