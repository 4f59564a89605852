import type { ChatCompletion, ChatUsage } from '../../../core/api/openai.ts';
import type { Usage } from '../../../core/journal.ts';
import type { PartEnd, PartEvent, Question } from '../../turns/turn-part.ts';

/** What a chat completion says about itself, in each of its forms. */
export interface ChatHead {
  readonly id: string;
  readonly created: number;
  /** As it was asked for; the answer names the model that wrote it. */
  readonly model: string;
  readonly conversationId: string;
}

/** The answer to one message, as it grows. */
export interface ChatAnswer {
  /** The words that are new in this event. */
  feed(event: PartEvent): string;
  model(): string;
  usage(): ChatUsage;
}

/** What was said between two tools, and what after them, are paragraphs of their own. */
export function createChatAnswer({ model: wanted, conversationId }: ChatHead): ChatAnswer {
  let call: string | undefined;
  let model = wanted;
  let spent: Usage = { inputTokens: 0, outputTokens: 0 };

  function paragraph(next: string, text: string): string {
    const gap = call === undefined || call === next ? '' : '\n\n';
    call = next;
    return gap + text;
  }

  return {
    feed(event) {
      if (event.type === 'said') {
        model = event.model;
        spent = addUsage(spent, event.usage);
      }
      if (event.type === 'text') return paragraph(event.call, event.text);
      if (event.type !== 'ended' || event.end.kind !== 'asked') return '';
      return paragraph('question', questionText(event.end.question, conversationId));
    },
    model: () => model,
    usage: () => chatUsage(spent),
  };
}

export const addUsage = (sum: Usage, more: Usage): Usage => ({
  inputTokens: sum.inputTokens + more.inputTokens,
  outputTokens: sum.outputTokens + more.outputTokens,
  cacheReadTokens: (sum.cacheReadTokens ?? 0) + (more.cacheReadTokens ?? 0),
  cacheWriteTokens: (sum.cacheWriteTokens ?? 0) + (more.cacheWriteTokens ?? 0),
});

function chatUsage({ inputTokens, outputTokens, cacheReadTokens = 0 }: Usage): ChatUsage {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens },
  };
}

/** What is asked, and how it is answered from here. */
export function questionText(
  { tool, arguments: args, reason, origins = [] }: Question,
  conversationId: string,
): string {
  const influence = origins.length > 0 ? [`Words from outside had a hand in it: ${origins.join(', ')}.`] : [];
  return [
    `**${tool}** waits for your approval. ${reason}`,
    `\`\`\`json\n${JSON.stringify(args, undefined, 2)}\n\`\`\``,
    ...influence,
    `Answer \`yes\`, \`always\` or \`no\` in this conversation (\`user\` or \`x-conversation\`: ${conversationId}), in the browser, or with \`ironbark approvals\`.`,
  ].join('\n\n');
}

export const finishReason = (end: PartEnd): 'stop' | 'length' =>
  end.kind === 'replied' && (end.cut || end.finish === 'limited') ? 'length' : 'stop';

/** The whole answer at once: the reply alone, without what was said on the way to it. */
export function chatCompletion(
  head: ChatHead,
  answer: ChatAnswer,
  { end, content }: { readonly end: PartEnd; readonly content: string },
): ChatCompletion {
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: answer.model(),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        finish_reason: finishReason(end),
        logprobs: null,
      },
    ],
    usage: answer.usage(),
    conversation_id: head.conversationId,
    ...(end.kind === 'asked' && { approval_id: end.question.approvalId }),
  };
}
