// Cuts a stream of bytes into JSON values, one a line, as a watch sends them.
import { StringDecoder } from 'node:string_decoder';

/** The values of a stream; what follows the last line break is dropped, since it was cut off on its way. */
export async function* jsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator {
  const decoder = new StringDecoder('utf8');
  const parts: string[] = [];
  for await (const chunk of chunks) {
    const lines = decoder.write(chunk).split('\n');
    for (const line of lines.slice(0, -1)) {
      const text = [...parts.splice(0), line].join('');
      if (text !== '') yield JSON.parse(text);
    }
    // Pieces of a long line are kept apart and joined once, or a line of megabytes would cost its square.
    parts.push(lines.at(-1) ?? '');
  }
}
