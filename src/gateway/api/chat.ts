import type { FastifyInstance } from 'fastify';
import { addApprovals } from './chat/approvals.ts';
import { addEvents } from './chat/events.ts';
import { addFiles } from './chat/files.ts';
import { addSend } from './chat/send.ts';
import { addThreads } from './chat/threads.ts';
import type { ApiContext } from './context.ts';

/** Talking: messages and files, threads and what was said in them, questions and their answers, what happens. */
export function addChat(app: FastifyInstance, context: ApiContext): void {
  addSend(app, context);
  addThreads(app, context);
  addApprovals(app, context);
  addFiles(app, context);
  addEvents(app, context);
}
