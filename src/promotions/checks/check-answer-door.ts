// The HTTP door for answers to webhook gates. A plain route: who speaks is told by the signature over the raw body.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Config, servesApi } from '../../platform/config/config.ts';
import { SIGNATURE_HEADER } from './callback-signature.ts';
import { CheckAnswers, type CallbackResult } from './check-answers.ts';
import { ANSWER_PATH } from './webhook-question.ts';

const MAX_BODY_BYTES = 16_384;

@Injectable()
export class CheckAnswerDoor implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly answers: CheckAnswers,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter?.getInstance<FastifyInstance>();
    // A schema is printed without a server, and a worker serves no outside callers.
    if (!server || !servesApi(this.config)) return;
    void server.register((scope, _options, done) => {
      // The signature is over the bytes as they came.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
      scope.post<{ Params: { key: string }; Body: Buffer | undefined }>(
        `${ANSWER_PATH}/:key`,
        { bodyLimit: MAX_BODY_BYTES },
        async ({ params: { key }, headers, body }, reply) => {
          const signature = headers[SIGNATURE_HEADER];
          return present(
            reply,
            await this.answers.take({
              key,
              signature: Array.isArray(signature) ? undefined : signature,
              body: body ?? Buffer.alloc(0),
            }),
          );
        },
      );
      done();
    });
  }
}

function present(reply: FastifyReply, result: CallbackResult): FastifyReply {
  switch (result.kind) {
    case 'TAKEN':
      return reply.send({ taken: true });
    case 'UNKNOWN':
      return refuse(
        reply,
        404,
        'NOT_FOUND',
        'No question waits for this answer: it was answered, or its time is over.',
      );
    case 'UNSIGNED':
      return refuse(
        reply,
        401,
        'UNAUTHENTICATED',
        `Sign the body with the gate's secret: ${SIGNATURE_HEADER}: t=SECONDS,v1=HMAC-SHA256 of "SECONDS.BODY" in hex, not older than five minutes.`,
      );
    case 'UNREADABLE':
      return refuse(
        reply,
        400,
        'INVALID',
        `The answer is JSON like {"verdict":"PASSED","message":"why"}: ${result.problem}`,
      );
  }
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.status(status).send({ errors: [{ message, extensions: { code } }] });
}
