// Requests that an API server has answered, from its own counters.

/** Reads and writes since the API server started; a watch counts when it ends. */
export interface RequestCounts {
  readonly reads: number;
  readonly writes: number;
}

const READ_VERBS = new Set(['GET', 'LIST', 'WATCH']);

/** `metrics`: the text of `/metrics`. Only requests for these resources (`configmaps`) count. */
export function countRequests(metrics: string, resources: ReadonlySet<string>): RequestCounts {
  let [reads, writes] = [0, 0];
  for (const line of metrics.split('\n')) {
    if (!line.startsWith('apiserver_request_total{')) continue;
    if (!resources.has(labelOf(line, 'resource'))) continue;
    const count = Number(line.slice(line.lastIndexOf(' ') + 1));
    if (READ_VERBS.has(labelOf(line, 'verb'))) reads += count;
    else writes += count;
  }
  return { reads, writes };
}

function labelOf(line: string, name: string): string {
  return new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? '';
}
