import type { FastifyInstance } from 'fastify';
import {
  JobFileQuery,
  JobFileReply,
  JobFilesQuery,
  JobFilesReply,
  JobParams,
} from '../../../core/api/jobs.ts';
import { ok } from '../../../core/result.ts';
import type { ApiContext } from '../context.ts';
import { notFound } from '../failure.ts';
import { addRoute } from '../route.ts';
import { unknownJob } from './find.ts';

export function addJobFiles(app: FastifyInstance, { assistant: { work } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/jobs/:id/files/list',
    tag: 'jobs',
    summary: 'What lies in a folder of a job.',
    params: JobParams,
    query: JobFilesQuery,
    answer: JobFilesReply,
    async run({ params: { id }, query: { path } }) {
      const files = await work.files(id, path);
      if (files === undefined) {
        return (await work.get(id)) ? notFound(`There is no folder "${path}" yet.`) : unknownJob(work, id);
      }
      const entries = files.map(({ isDirectory, ...file }) => ({ ...file, is_dir: isDirectory }));
      return ok({ path, entries });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/jobs/:id/files/read',
    tag: 'jobs',
    summary: 'The text of a file of a job, 1 MiB at most.',
    params: JobParams,
    query: JobFileQuery,
    answer: JobFileReply,
    async run({ params: { id }, query: { path } }) {
      if (!(await work.get(id))) return unknownJob(work, id);
      const file = await work.readFile(id, path);
      return file.ok ? ok({ path, content: file.content }) : notFound(file.message);
    },
  });
}
