import { expect, it } from 'vitest';
import { orphansMessage } from './orphans-message.ts';

const orphan = (application: string) => ({ application, environment: 'dev' });

it('names what a cluster keeps, and says that it is left alone', () => {
  expect(orphansMessage('eu-1', [orphan('shop')])).toMatch(
    /^Cluster "eu-1" keeps 1 instance that this hub does not know.*: shop\/dev\. It is left alone/,
  );
});

it('names five of many, and counts the rest', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(orphan);
  expect(orphansMessage('eu-1', many)).toMatch(
    /keeps 7 instances .*: a\/dev, .*e\/dev and 2 more\. They are/,
  );
});
