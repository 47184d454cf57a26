import { expect, it } from 'vitest';
import { ByteLru } from './byte-lru.ts';

it('drops what was used longest ago, and never keeps more than its bytes', () => {
  const lru = new ByteLru(10);
  lru.set('a', Buffer.alloc(4));
  lru.set('b', Buffer.alloc(4));
  lru.get('a');
  lru.set('c', Buffer.alloc(4));
  lru.set('huge', Buffer.alloc(11));
  expect(['a', 'b', 'c', 'huge'].filter((key) => lru.get(key))).toEqual(['a', 'c']);
});

it('holds no more memory than the bytes that it counts', () => {
  const lru = new ByteLru(1_000);
  const shared = Buffer.alloc(65_536);
  lru.set('a', shared.subarray(10, 20).fill('x'));
  expect(lru.get('a')?.toString()).toBe('xxxxxxxxxx');
  expect(lru.get('a')?.buffer.byteLength).toBe(10);
});
