// Circles in a graph of "waits for": steps that wait for each other never move.

/** A circle, its first node also at its end; `undefined` where there is none. */
export function waitCycle(waits: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const left = new Map(waits);
  // Takes away, again and again, what waits for nothing that is left; what remains waits in a circle.
  for (let removed = true; removed;) {
    const free = [...left].filter(([, on]) => [...on].every((name) => !left.has(name)));
    for (const [name] of free) left.delete(name);
    removed = free.length > 0;
  }
  return left.size === 0 ? undefined : circleFrom(left);
}

function circleFrom(waits: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path: string[] = [];
  let at = [...waits.keys()][0];
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = [...(waits.get(at) ?? [])].find((name) => waits.has(name));
  }
  return at === undefined ? path : [...path.slice(path.indexOf(at)), at];
}
