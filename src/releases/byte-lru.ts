// Keeps the buffers that were used last, up to a number of bytes.

/** One that is larger than the whole is not kept. */
export class ByteLru {
  private readonly entries = new Map<string, Buffer>();
  private bytes = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get(key: string): Buffer | undefined {
    const found = this.entries.get(key);
    if (!found) return undefined;
    // A map keeps the order of insertion: the one used last stands last.
    this.entries.delete(key);
    this.entries.set(key, found);
    return found;
  }

  set(key: string, value: Buffer): void {
    if (value.length > this.maxBytes || this.entries.has(key)) return;
    this.entries.set(key, ownMemory(value));
    this.bytes += value.length;
    for (const [oldest, buffer] of this.entries) {
      if (this.bytes <= this.maxBytes) return;
      this.entries.delete(oldest);
      this.bytes -= buffer.length;
    }
  }
}

/** A small buffer is a part of a large one that Node shares among many: kept, it would keep all of that, uncounted. */
function ownMemory(value: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(value.length);
  value.copy(copy);
  return copy;
}
