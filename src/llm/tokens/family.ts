/**
 * How many tokens a model's own tokenizer may need where o200k needs one. OpenAI's models use o200k. Anthropic counts
 * up to 1.35 times as many for the same text since Claude Opus 4.7 (its migration guide); the others stay within 1.2 on
 * prose and code.
 *
 * @param model its name, with or without its provider: `anthropic/claude-opus-4-7`
 */
export function tokenFactor(model: string): number {
  if (/claude|anthropic/i.test(model)) return 1.35;
  if (/\b(?:gpt-|o\d|chatgpt|codex)/i.test(model)) return 1;
  return 1.2;
}
