// A line that shows that something slow is going on, and for how long.

const LINE_EVERY_MS = 15_000;

/**
 * Starts a progress line on standard error; call the returned function with the last word on it. On a terminal
 * the line is rewritten each second, elsewhere (CI logs) a new one is printed every 15 seconds.
 */
export function startProgress(label, stream = process.stderr) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const write = (word) => stream.write(stream.isTTY ? `\r\x1b[2K${label}: ${word}` : `${label}: ${word}\n`);
  write('building');
  const timer = setInterval(() => write(`building, ${seconds()} s`), stream.isTTY ? 1_000 : LINE_EVERY_MS);
  return (word) => {
    clearInterval(timer);
    write(`${word} after ${seconds()} s`);
    if (stream.isTTY) stream.write('\n');
  };
}
