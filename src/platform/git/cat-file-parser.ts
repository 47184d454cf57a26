// Reads the output of `git cat-file --batch`: a header line, the object's bytes, a line end.

/** One object as git stores it. */
export interface GitObject {
  readonly id: string;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  readonly content: Buffer;
}

/** What one request was answered: an object, nothing, or one that is larger than we read. */
export type CatFileAnswer =
  | { readonly kind: 'FOUND'; readonly object: GitObject }
  | { readonly kind: 'MISSING' }
  | { readonly kind: 'TOO_LARGE'; readonly bytes: number };

interface Body {
  readonly id: string;
  readonly type: GitObject['type'];
  readonly bytes: number;
  readonly kept: Buffer[] | undefined;
  left: number;
}

const headerOfFound = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/;

/** Give it chunks as they come; it calls back once per answer, in order. */
export class CatFileParser {
  private header: Buffer = Buffer.alloc(0);
  private body: Body | undefined;
  private readonly maxBytes: number;
  private readonly onAnswer: (answer: CatFileAnswer) => void;

  constructor(maxBytes: number, onAnswer: (answer: CatFileAnswer) => void) {
    this.maxBytes = maxBytes;
    this.onAnswer = onAnswer;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.body ? this.takeBody(this.body, rest) : this.takeHeader(rest);
  }

  private takeHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(10);
    this.header = Buffer.concat([this.header, end < 0 ? chunk : chunk.subarray(0, end)]);
    if (end < 0) return Buffer.alloc(0);
    const [, id, type, size] = headerOfFound.exec(this.header.toString()) ?? [];
    this.header = Buffer.alloc(0);
    if (id === undefined) {
      this.onAnswer({ kind: 'MISSING' });
    } else {
      const bytes = Number(size);
      const kept = bytes > this.maxBytes ? undefined : [];
      this.body = { id, type: type as GitObject['type'], bytes, kept, left: bytes + 1 };
    }
    return chunk.subarray(end + 1);
  }

  // `left` counts the line end after the content as well.
  private takeBody(body: Body, chunk: Buffer): Buffer {
    const part = chunk.subarray(0, body.left);
    body.left -= part.length;
    body.kept?.push(part);
    if (body.left === 0) {
      this.body = undefined;
      this.onAnswer(answerOf(body));
    }
    return chunk.subarray(part.length);
  }
}

function answerOf({ id, type, bytes, kept }: Body): CatFileAnswer {
  if (!kept) return { kind: 'TOO_LARGE', bytes };
  return { kind: 'FOUND', object: { id, type, content: Buffer.concat(kept).subarray(0, bytes) } };
}
