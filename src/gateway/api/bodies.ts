import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Bodies are parsed as JSON where a route declares one, handed over as bytes where it asks for that, and otherwise read
 * and forgotten. What is too large is refused before it is parsed.
 */
export function takeBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const kind = request.routeOptions.config.body;
    if (kind === 'raw') done(null, body);
    else if (kind !== 'json' || body.length === 0) done(null);
    else parseJson(request, body.toString(), done);
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const kind = request.routeOptions.config.body;
    if (kind === 'raw') done(null, body);
    else if (kind === 'json' && body.length > 0) done(new UnsupportedMediaType(request));
    else done(null);
  });
}

class UnsupportedMediaType extends Error {
  readonly statusCode = 415;

  constructor({ headers }: FastifyRequest) {
    super(`Send the body as application/json, not as ${headers['content-type'] ?? 'something unnamed'}.`);
  }
}
