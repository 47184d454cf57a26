import { describe, expect, it } from 'vitest';
import { MASK, maskCutText, maskObject, maskText } from './masking.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"c3dvcmRmaXNo"}}',
    },
  },
  data: { password: 'c3dvcmRmaXNo' },
  stringData: { token: 'open-sesame' },
};

describe('masking', () => {
  it('hides every value of a Secret, also in the last-applied annotation, and keeps the keys', () => {
    const text = JSON.stringify(maskObject(secret));
    expect(text).not.toMatch(/c3dvcmRmaXNo|open-sesame/);
    expect(maskObject(secret)['data']).toEqual({ password: MASK });
  });

  it('leaves other kinds as they are', () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b' } };
    expect(maskObject(configMap)).toBe(configMap);
  });

  it.each(['swordfish', 'c3dvcmRmaXNo', 'open-sesame', 'b3Blbi1zZXNhbWU='])(
    'hides %s in a message',
    (value) => {
      expect(maskText(`Secret "db" is invalid: data: "${value}"`, [secret])).toBe(
        `Secret "db" is invalid: data: "${MASK}"`,
      );
    },
  );

  it('hides a value as JSON quotes it', () => {
    const quoted = { ...secret, data: {}, stringData: { key: 'a "b"\nc' } };
    expect(maskText(`Invalid value: ${JSON.stringify('a "b"\nc')}`, [quoted])).toBe(
      `Invalid value: "${MASK}"`,
    );
  });

  it('works out once what a Secret’s values look like, however many texts are masked by it', () => {
    let reads = 0;
    const counted = {
      ...secret,
      get data() {
        reads += 1;
        return secret.data;
      },
    };
    const masked = Array.from({ length: 3 }, () => maskText('the word is open-sesame', [counted]));
    expect([new Set(masked), reads]).toEqual([new Set([`the word is ${MASK}`]), 1]);
  });

  it('hides the beginning of a value at the end of a text that was cut', () => {
    expect(maskCutText('the word is open-ses', [secret])).toBe(`the word is ${MASK}`);
    expect(maskCutText('open-sesame, the word is open', [secret])).toBe(`${MASK}, the word is ${MASK}`);
    expect(maskCutText('the word is open-minded', [secret])).toBe('the word is open-minded');
  });
});
