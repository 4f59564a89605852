import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { PairingParams, PairingReply, SkillsReply } from '../../core/api/absent.ts';
import { ok } from '../../core/result.ts';
import { addRoute } from './route.ts';

/** What clients of this API may ask for and this assistant does not have: empty, and why. What is not listed is 404. */
export function addAbsent(app: FastifyInstance): void {
  const add = <A>(url: string, tag: string, answer: z.ZodType<A>, nothing: A) =>
    addRoute(app, {
      method: 'GET',
      url,
      tag,
      summary: `Empty: this version has no ${tag}.`,
      answer,
      run: async () => ok(nothing),
    });

  const skills = absent('skills');
  add('/api/skills', 'skills', SkillsReply, { skills: [], count: 0, ...skills });

  const pairing = absent('channels that others write to');
  addRoute(app, {
    method: 'GET',
    url: '/api/pairing/:channel',
    tag: 'pairing',
    summary: 'Empty: this version has no channels that others write to.',
    params: PairingParams,
    answer: PairingReply,
    run: async ({ params }) => ok({ channel: params.channel, requests: [], ...pairing }),
  });
}

const absent = (what: string) => ({
  available: false,
  reason: `This version of Ironbark has no ${what} yet.`,
});
